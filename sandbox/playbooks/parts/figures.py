import unicodedata

from matplotlib.font_manager import FontProperties, findfont, get_font

INK, BLUE, ORANGE, GREY = '#1f2933', '#2f6f9f', '#d9822b', '#9aa5b1'
plt.rcParams.update(
    {
        'figure.dpi': 100,
        'savefig.dpi': 100,
        'font.size': 9,
        'axes.spines.top': False,
        'axes.spines.right': False,
        'axes.edgecolor': GREY,
        'axes.titlesize': 10,
        'axes.titleweight': 'bold',
        'text.color': INK,
    }
)


# One colour for each class, the same in every figure of a report (Okabe and Ito, told apart by most eyes).
CLASS_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c6bb1', '#7a7a7a']
# Names that the figures' font cannot draw: the number that stands for each of them.
UNDRAWN = {}
LETTERS = frozenset(get_font(findfont(FontProperties())).get_charmap())


def drawable(text) -> str:
    """The text, or a number that `undrawn_names` explains: where the font lacks one of its letters, or where it is
    written from right to left, which matplotlib would draw the wrong way round."""
    text = ' '.join(str(text).split())
    if all(
        ord(letter) in LETTERS and unicodedata.bidirectional(letter) not in ('R', 'AL') for letter in text
    ):
        return text
    return f'#{UNDRAWN.setdefault(text, len(UNDRAWN) + 1)}'


def undrawn_names() -> str:
    """A line for the report that says what the numbers in the figures stand for; empty where there are none."""
    said = ', '.join(f'#{number} is `{cell_text(name, 40)}`' for name, number in UNDRAWN.items())
    return f'The figures’ font has no letters for some names. In them {said}.' if said else ''


def shorten(text, length: int = 24) -> str:
    """A label that fits an axis, cut in its middle because names differ at their ends as often as at their starts;
    `$` is escaped because matplotlib reads it as mathematics."""
    text = drawable(text)
    if len(text) > length:
        tail = (length - 1) // 2
        text = text[: length - 1 - tail] + '…' + text[-tail:]
    return text.replace('$', r'\$')


def labels_of(names, length: int = 24) -> list:
    """A short label for each name, no two of them alike."""
    short = [shorten(name, length) for name in names]
    return [
        f'{label} ({short[:place].count(label) + 1})' if short.count(label) > 1 else label
        for place, label in enumerate(short)
    ]


def bars(axis, names, sizes, colour, length: int = 24, **style) -> None:
    """One horizontal bar for each name, the first on top, set by place: names that are shortened alike stay two bars."""
    names, places = list(names), range(len(sizes))
    axis.barh(places, list(sizes), color=colour, **style)
    axis.set_yticks(places, labels_of(names, length))
    axis.set_ylim(len(names) - 0.4, -0.6)


def legend_beside(axis, **style) -> None:
    """A legend at the right of the axes, where it hides nothing."""
    axis.legend(frameon=False, fontsize=7, loc='upper left', bbox_to_anchor=(1.01, 1), **style)


def save(figure, path: Path) -> None:
    """Writes a figure and frees it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches='tight')
    plt.close(figure)
