// One stop of Tab for a list; arrows, Home and End move within it. For lists whose rows are buttons of class `row`.
const rows = (list: HTMLElement): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('.row')];

function stand(list: HTMLElement, at: HTMLElement | undefined): void {
  for (const row of rows(list)) row.tabIndex = row === at ? 0 : -1;
}

/** An attachment: `<div {@attach roving}>`. */
export function roving(list: HTMLElement): () => void {
  let standing = ''; // the key of the row that has the focus
  const hold = (): void => {
    const all = rows(list);
    // A row that moves to another group is made anew there: whoever stood on it stands on it still.
    if (standing !== '' && document.activeElement === document.body) all.find((row) => row.dataset['key'] === standing)?.focus();
    if (all.filter((row) => row.tabIndex === 0).length !== 1) stand(list, all.find((row) => row.tabIndex === 0) ?? all[0]);
  };
  const onfocusin = (event: FocusEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.row');
    if (row !== null) stand(list, row);
    standing = row?.dataset['key'] ?? '';
  };
  const onfocusout = (event: FocusEvent): void => {
    const row = event.target as HTMLElement;
    queueMicrotask(() => {
      if (row.isConnected && document.activeElement !== row) standing = ''; // it was left, not taken away
    });
  };
  const onkeydown = (event: KeyboardEvent): void => {
    const all = rows(list);
    const at = all.indexOf(event.target as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const to = steps[event.key];
    if (at < 0 || to === undefined || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
  };
  const seen = new MutationObserver(hold);
  seen.observe(list, { childList: true, subtree: true });
  list.addEventListener('focusin', onfocusin);
  list.addEventListener('focusout', onfocusout);
  list.addEventListener('keydown', onkeydown);
  hold();
  return () => {
    seen.disconnect();
    list.removeEventListener('focusin', onfocusin);
    list.removeEventListener('focusout', onfocusout);
    list.removeEventListener('keydown', onkeydown);
  };
}

/** Stand on the row of a list where Tab would enter it. */
export function enter(list: HTMLElement | undefined): void {
  const all = list === undefined ? [] : rows(list);
  (all.find((row) => row.tabIndex === 0) ?? all[0])?.focus();
}
