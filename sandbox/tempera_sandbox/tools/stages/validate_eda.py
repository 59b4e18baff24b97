"""What EDA must leave: a report, at least one figure, and every figure that the report names."""

from __future__ import annotations

from pathlib import Path

from .findings import Findings, check_report, listed
from .report_figures import pictures

_FIGURE_SUFFIXES = ('.png', '.svg', '.jpg', '.jpeg', '.webp', '.gif')
_PNG = b'\x89PNG\r\n\x1a\n'


def validate_eda(workspace: Path, findings: Findings) -> None:
    """Notes what holds and what must be mended in eda/."""
    report = check_report(workspace, 'eda/report.md', findings)
    figures = figures_of(workspace / 'eda', findings)
    findings.check(
        bool(figures),
        f'{len(figures)} {"figure is" if len(figures) == 1 else "figures are"} in eda/figures.',
        "There is no figure in eda/figures: save at least one, such as plt.savefig('eda/figures/target.png').",
    )
    check_named_figures(workspace, 'eda', report, findings)
    findings.facts['figures'] = len(figures)


def figures_of(stage_folder: Path, findings: Findings) -> list[str]:
    """The stage's readable figures; an empty or broken one is an error."""
    folder = stage_folder / 'figures'
    good: list[str] = []
    for path in sorted(folder.rglob('*')) if folder.is_dir() else []:
        if path.suffix.lower() not in _FIGURE_SUFFIXES or not path.is_file():
            continue
        name = str(path.relative_to(stage_folder.parent))
        with path.open('rb') as stream:
            head = stream.read(8)
        if not head or (path.suffix.lower() == '.png' and head != _PNG):
            findings.errors.append(f'{name} is {"no PNG image" if head else "empty"}: save the figure again.')
        else:
            good.append(name)
    return good


def check_named_figures(workspace: Path, stage: str, report: str, findings: Findings) -> None:
    """Figures that the report shows must exist, relative to the report, or to the session's folder."""
    named = pictures(report, stage)
    local = [picture for picture in named if not picture.foreign]
    missing = [picture.name for picture in local if not _exists(workspace, picture.file)]
    if missing:
        findings.errors.append(
            f'{stage}/report.md shows figures that do not exist: {listed(missing)}. Save them in '
            f'{stage}/figures, or take them out of the report.'
        )
    elif local:
        findings.passed.append(f'All {len(local)} figures that {stage}/report.md shows exist.')
    if len(local) < len(named):
        findings.warnings.append(
            f'{stage}/report.md shows {len(named) - len(local)} '
            f'{"image" if len(named) - len(local) == 1 else "images"} from elsewhere, which will not '
            'be shown.'
        )


def _exists(workspace: Path, file: str | None) -> bool:
    if file is None:
        return False
    root = workspace.resolve()
    real = (workspace / file).resolve()
    return root in real.parents and real.is_file()
