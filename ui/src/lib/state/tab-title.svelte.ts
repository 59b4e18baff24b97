/** What the page on show is called in the browser's tab. */

class TabTitle {
  page = $state('Tempera');
}

export const tabTitle = new TabTitle();
