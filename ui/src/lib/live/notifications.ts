/** Notifications of the browser, for a window that nobody sees; the browser asks the person first. */

/** Whether the browser may show them; asks where nobody has decided yet. False where it has none. */
export async function mayNotify(): Promise<boolean> {
  if (!('Notification' in window)) return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** Shows one in place of an earlier one of the same `tag`; nothing where it may not, or where the page is seen. */
export function notify(
  title: string,
  { body, tag, onopen }: { body: string; tag: string; onopen: () => void },
): void {
  if (!document.hidden || !('Notification' in window) || Notification.permission !== 'granted') return;
  const shown = new Notification(title, { body, tag });
  shown.onclick = () => {
    window.focus();
    shown.close();
    onopen();
  };
}
