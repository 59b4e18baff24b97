import { reloadBrokenPictures, reloadBrokenStyles } from './broken-pictures.ts';

function picture(complete: boolean, naturalWidth: number, src: string | null = '/a.png') {
  const set: string[] = [];
  return {
    ...{ complete, naturalWidth, set },
    getAttribute: () => src,
    setAttribute: (_name: string, value: string) => void set.push(value),
  };
}

test('only pictures that failed are asked for again', () => {
  const [there, coming, broken, none] = [
    picture(true, 40),
    picture(false, 0),
    picture(true, 0),
    picture(true, 0, null),
  ];
  reloadBrokenPictures({ querySelectorAll: () => [there, coming, broken, none] });
  expect([there, coming, broken, none].map(({ set }) => set)).toEqual([[], [], ['/a.png'], []]);
});

test('only styles that did not come are asked for again', () => {
  const style = (sheet: object | null) => {
    const set: string[] = [];
    return {
      ...{ sheet, set },
      get href() {
        return '/a.css';
      },
      set href(value: string) {
        set.push(value);
      },
    };
  };
  const [there, broken] = [style({}), style(null)];
  reloadBrokenStyles({ querySelectorAll: () => [there, broken] });
  expect([there.set, broken.set]).toEqual([[], ['/a.css']]);
});
