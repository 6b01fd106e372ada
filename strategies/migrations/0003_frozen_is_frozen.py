"""The database itself keeps frozen versions, steps and decisions as they were."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_frozen_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'working' AND TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND
       to_jsonb(NEW) - 'status' - 'adopted_on' = to_jsonb(OLD) - 'status' - 'adopted_on' AND NEW.status <> 'working'
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'version % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON strategies_version
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen_version();

CREATE FUNCTION refuse_frozen_section() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version_id_old bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
    version_id_new bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM strategies_version
               WHERE id IN (version_id_old, version_id_new) AND status <> 'working') THEN
        RAISE EXCEPTION 'the version of this section is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON strategies_section
    FOR EACH ROW EXECUTE FUNCTION refuse_frozen_section();

CREATE FUNCTION refuse_of_frozen_section() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    section_id_now bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.section_id ELSE NEW.section_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM strategies_section s JOIN strategies_version v ON v.id = s.version_id
               WHERE s.id = section_id_now AND v.status <> 'working') THEN
        RAISE EXCEPTION 'the version of this section is frozen' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON strategies_section_responsible
    FOR EACH ROW EXECUTE FUNCTION refuse_of_frozen_section();
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON strategies_section_policy_items
    FOR EACH ROW EXECUTE FUNCTION refuse_of_frozen_section();
CREATE TRIGGER frozen BEFORE INSERT ON strategies_step
    FOR EACH ROW EXECUTE FUNCTION refuse_of_frozen_section();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON strategies_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON strategies_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON strategies_reservation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON strategies_anchor
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER append_only ON strategies_anchor;
DROP TRIGGER append_only ON strategies_reservation;
DROP TRIGGER append_only ON strategies_decision;
DROP TRIGGER append_only ON strategies_step;
DROP TRIGGER frozen ON strategies_step;
DROP TRIGGER frozen ON strategies_section_policy_items;
DROP TRIGGER frozen ON strategies_section_responsible;
DROP TRIGGER frozen ON strategies_section;
DROP TRIGGER frozen ON strategies_version;
DROP FUNCTION refuse_of_frozen_section();
DROP FUNCTION refuse_frozen_section();
DROP FUNCTION refuse_frozen_version();
"""


class Migration(migrations.Migration):
    dependencies = [("strategies", "0002_policy_items"), ("actors", "0003_trail_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
