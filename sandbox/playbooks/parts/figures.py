INK, BLUE, ORANGE, GREY = "#1f2933", "#2f6f9f", "#d9822b", "#9aa5b1"
plt.rcParams.update(
    {"figure.dpi": 100, "savefig.dpi": 100, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
     "axes.edgecolor": GREY, "axes.titlesize": 10, "axes.titleweight": "bold", "text.color": INK}
)


def shorten(text, length: int = 24) -> str:
    """A label that fits an axis; `$` is escaped because matplotlib reads it as mathematics."""
    text = str(text).replace("$", r"\$")
    return text if len(text) <= length else text[: length - 1] + "…"


def save(figure, path: Path) -> None:
    """Writes a figure and frees it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, bbox_inches="tight")
    plt.close(figure)
