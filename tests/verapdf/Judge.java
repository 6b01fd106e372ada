import java.io.FileInputStream;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Judge FILE FLAVOUR...: a line per flavour ("2a true" or "ua1 false"), then one per broken rule with a sample and how often. */
public class Judge {
    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (int n = 1; n < args.length; n++) {
            var flavour = PDFAFlavour.fromString(args[n]);
            var foundry = Foundries.defaultInstance();
            try (var file = new FileInputStream(args[0]);
                    var parser = foundry.createParser(file, flavour);
                    var validator = foundry.createValidator(flavour, false)) {
                var result = validator.validate(parser);
                System.out.println(args[n] + " " + result.isCompliant());
                var broken = new TreeMap<String, Integer>();
                for (TestAssertion test : result.getTestAssertions()) {
                    if (test.getStatus() == TestAssertion.Status.FAILED) {
                        broken.merge(test.getRuleId().getClause() + "-" + test.getRuleId().getTestNumber() + " " + test.getMessage(), 1, Integer::sum);
                    }
                }
                broken.forEach((rule, times) -> System.out.println("  " + rule + " (" + times + ")"));
            }
        }
    }
}
