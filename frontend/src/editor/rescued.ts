// The cards with rescued text: put it back, copy it, or throw it away. They stay until somebody decides.
import { dropRescued, keepRescued, rescuedOf, type Rescued } from "./store";
import { clone, time, words } from "./words";

export class RescuedCards {
  constructor(
    private readonly place: HTMLElement,
    private readonly section: string,
    private readonly putBack: ((text: string) => boolean) | null,
  ) {}

  async restore(): Promise<void> {
    for (const entry of await rescuedOf(this.section)) this.draw(entry);
  }

  add(text: string, why: string): void {
    const entry: Rescued = { id: `${Date.now()}-${Math.random().toString(36).slice(2)}`, section: this.section, text, why, at: new Date().toISOString() };
    void keepRescued(entry);
    this.draw(entry);
  }

  private draw(entry: Rescued): void {
    const card = clone("editor-rescued").firstElementChild as HTMLElement;
    const find = <T extends HTMLElement>(name: string): T => card.querySelector<T>(`[data-part=${name}]`)!;
    find("why").textContent = `${entry.why} (${time(new Date(entry.at))})`;
    find("text").textContent = entry.text;
    const done = (): void => {
      void dropRescued(entry.id);
      card.remove();
    };
    const back = find<HTMLButtonElement>("back");
    back.hidden = this.putBack === null;
    back.addEventListener("click", () => this.putBack?.(entry.text) && done());
    find("drop").addEventListener("click", done);
    find("copy").addEventListener("click", () => void this.copy(entry.text, find("copy"), find("text")));
    this.place.append(card);
    card.setAttribute("tabindex", "-1");
  }

  private async copy(text: string, button: HTMLElement, shown: HTMLElement): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      button.querySelector("span:last-child")!.textContent = words("copied");
    } catch {
      getSelection()?.selectAllChildren(shown); // no clipboard without TLS: the text is marked, ready for Ctrl+C
    }
  }
}
