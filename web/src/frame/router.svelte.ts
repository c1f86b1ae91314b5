// Which page is looked at: the path of the address, and no more.
class Router {
  path = $state(location.pathname);
  readonly pane = new URLSearchParams(location.search).get('pane') ?? ''; // this window holds one part of a seat alone

  constructor() {
    addEventListener('popstate', () => (this.path = location.pathname));
  }

  go(path: string): void {
    if (path !== location.pathname) history.pushState(null, '', path + location.search);
    this.path = path;
  }
}

export const router = new Router();

/** Follow a link of ours without loading the page anew; a link that is opened elsewhere (Ctrl, middle) is let be. */
export function follow(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  router.go(new URL(link.href).pathname);
}
