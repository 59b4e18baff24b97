"""Dates and times: what repeats (month, week, weekday, hour, also as circles) and how much time has passed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .encoder import ColumnEncoder

_DAY_S = 86_400.0


class MomentEncoder(ColumnEncoder):
    """A date or a moment. Parts that never change in training are left out."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        moments = as_moments(values)
        first = moments.min()
        self.first = first if pd.notna(first) else pd.Timestamp(0, tz='UTC')
        parts = self._parts(moments)
        self.middles = {
            name: float(part.median()) if part.notna().any() else 0.0 for name, part in parts.items()
        }
        self.kept = [name for name, part in parts.items() if part.nunique() > 1]
        self.indicates = bool(moments.isna().any())
        self.names = [f'{self.column}: {name}' for name in self.kept]
        self.names += [f'{self.column} is missing'] if self.indicates else []

    def transform(self, values: pd.Series) -> np.ndarray:
        moments = as_moments(values)
        parts = self._parts(moments)
        made = [parts[name].fillna(self.middles[name]).to_numpy() for name in self.kept]
        made += [moments.isna().to_numpy(dtype='float64')] if self.indicates else []
        return np.column_stack(made) if made else np.zeros((len(values), 0))

    def _parts(self, moments: pd.Series) -> dict[str, pd.Series]:
        seconds = (moments - self.first).dt.total_seconds()
        of_day = moments.dt.hour * 3600.0 + moments.dt.minute * 60.0 + moments.dt.second
        of_year = (moments.dt.day_of_year - 1) / 366.0
        return {
            'days since the first': seconds / _DAY_S,
            'year': moments.dt.year.astype('float64'),
            'month': moments.dt.month.astype('float64'),
            'week': moments.dt.isocalendar().week.astype('float64'),
            'day of month': moments.dt.day.astype('float64'),
            'weekday': moments.dt.day_of_week.astype('float64'),
            'hour': of_day / 3600.0,
            **_circle('season', of_year),
            **_circle('weekday', moments.dt.day_of_week / 7.0),
            **_circle('hour', of_day / _DAY_S),
        }


class ElapsedEncoder(MomentEncoder):
    """A date or a moment as the time that has passed since the first one, and nothing that repeats."""

    def _parts(self, moments: pd.Series) -> dict[str, pd.Series]:
        name = 'days since the first'
        return {name: super()._parts(moments)[name]}


class TimeOfDayEncoder(ColumnEncoder):
    """A time of day: the hour as a number and as a circle."""

    def fit(self, values: pd.Series, answer: pd.Series | None) -> None:
        hours = self._hours(values)
        self.middle = float(hours.median()) if hours.notna().any() else 12.0
        self.names = [f'{self.column}: hour', f'{self.column}: hour, sine', f'{self.column}: hour, cosine']

    def transform(self, values: pd.Series) -> np.ndarray:
        hours = self._hours(values).fillna(self.middle)
        return np.column_stack([hours, *_circle('hour', hours / 24.0).values()])

    def _hours(self, values: pd.Series) -> pd.Series:
        if pd.api.types.is_timedelta64_dtype(values):
            return values.dt.total_seconds() / 3600.0
        if pd.api.types.is_numeric_dtype(values):
            return values.astype('float64') / 3600.0
        return (
            pd.to_timedelta(values.astype('string'), errors='coerce').dt.total_seconds().astype('float64')
            / 3600.0
        )


def as_moments(values: pd.Series) -> pd.Series:
    """Moments in UTC, whatever zone the column keeps."""
    return pd.to_datetime(values, utc=True, errors='coerce')


def _circle(name: str, share: pd.Series) -> dict[str, pd.Series]:
    turn = 2 * np.pi * share.astype('float64')
    return {f'{name}, sine': np.sin(turn), f'{name}, cosine': np.cos(turn)}
