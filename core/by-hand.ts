/** What the scripts of a session need beside their files, so that they run by hand where these have been taken to. */

/** Python packages that scripts import and that no index has. */
export const SDK_PACKAGES = ['tempera', 'trainable'];

/** The README.txt of an archive of a session, or of the folder of a run. */
export const byHandReadme = (place: 'archive' | 'folder'): string => `What is in this ${place}

eda/, prep/, train/     reports, figures, data, models and the scripts that made them
dataset/                the table as it was uploaded
tempera/, trainable/    what the scripts import beside the packages in requirements.txt
requirements.txt        the packages with which the scripts ran
decisions.json          what was decided, by whom and why; the scripts follow it

To run a script by hand, in this folder:

    python -m venv .venv && . .venv/bin/activate
    pip install -r requirements.txt
    PYTHONPATH=. python eda/scripts/NAME.py

To decide the same for another table of this form, with Tempera:

    tempera run TABLE --decisions decisions.json
`;
