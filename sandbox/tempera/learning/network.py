"""A neural network that is trained by torch, on a GPU where the execution has one, and answers by numpy alone.

So a model that was trained on a device is loaded and asked anywhere: its weights are arrays, and neither torch nor a
device is among what it needs. torch is the extra `deep`; it is imported when a network is fitted, never before.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.model_selection import train_test_split

#: share of the rows by which training knows when to end
_HELD_OUT = 0.1


class _Network(BaseEstimator):
    """Fully connected layers with dropout; training ends when rows that are held out get no better. `balanced` weighs
    all classes alike."""

    # scikit-learn reads an estimator's parameters from this list, one by one
    def __init__(  # noqa: PLR0913
        self,
        widths: tuple[int, ...] = (256, 128),
        dropout: float = 0.1,
        rate: float = 1e-3,
        batch: int = 1024,
        most_epochs: int = 200,
        patience: int = 15,
        balanced: bool = False,
        seed: int = 0,
    ) -> None:
        self.balanced = balanced
        self.widths, self.dropout, self.rate, self.batch = widths, dropout, rate, batch
        self.most_epochs, self.patience, self.seed = most_epochs, patience, seed

    def _train(self, matrix: Any, goals: np.ndarray, outputs: int, strata: np.ndarray | None) -> None:
        """Keeps the layers of the best epoch as `layers_`: (weights, offsets) as float64."""
        import torch

        torch.manual_seed(self.seed)
        self.device_ = 'cuda' if torch.cuda.is_available() else 'cpu'
        rows = np.asarray(matrix, dtype=np.float32)
        model, loss = self._model(rows.shape[1], outputs), self._loss()
        optimiser = torch.optim.AdamW(model.parameters(), lr=self.rate)
        learn, hold = train_test_split(
            np.arange(len(rows)), test_size=_HELD_OUT, random_state=self.seed, stratify=strata
        )
        inputs = torch.as_tensor(rows, device=self.device_)
        answers = torch.as_tensor(goals, device=self.device_)
        shuffle, best, waited = np.random.default_rng(self.seed), float('inf'), 0
        self.layers_ = _layers_of(model)
        for epoch in range(self.most_epochs):
            model.train()
            for places in np.array_split(shuffle.permutation(learn), -(-len(learn) // self.batch)):
                optimiser.zero_grad()
                loss(model(inputs[places]), answers[places]).backward()
                optimiser.step()
            model.eval()
            with torch.no_grad():
                missed = float(loss(model(inputs[hold]), answers[hold]))
            if missed < best:
                best, waited, self.epochs_, self.layers_ = missed, 0, epoch + 1, _layers_of(model)
                continue
            waited += 1
            if waited >= self.patience:
                break

    def _model(self, inputs: int, outputs: int) -> Any:
        from torch import nn

        layers: list[Any] = []
        for width in self.widths:
            layers += [nn.Linear(inputs, width), nn.ReLU(), nn.Dropout(self.dropout)]
            inputs = width
        return nn.Sequential(*layers, nn.Linear(inputs, outputs)).to(self.device_)

    def _loss(self) -> Any:
        raise NotImplementedError

    def _answers(self, matrix: Any) -> np.ndarray:
        found = np.asarray(matrix, dtype=np.float64)
        *hidden, (weights, offsets) = self.layers_
        for inner, shift in hidden:
            found = np.maximum(found @ inner + shift, 0.0)
        return np.asarray(found @ weights + offsets)


class NetworkClassifier(ClassifierMixin, _Network):
    """Labels, with a chance for each."""

    def fit(self, matrix: Any, answer: Any) -> NetworkClassifier:
        """Learns from rows of numbers. ImportError where torch is not installed."""
        self.classes_, codes = np.unique(np.asarray(answer), return_inverse=True)
        counts = np.bincount(codes)
        self.weights_ = counts.sum() / (len(counts) * counts) if self.balanced else np.ones(len(counts))
        # a class of one row cannot stand on both sides of what ends the training
        strata = codes if counts.min() > 1 and _HELD_OUT * len(codes) >= len(counts) else None
        self._train(matrix, codes.astype(np.int64), len(self.classes_), strata)
        return self

    def predict_proba(self, matrix: Any) -> np.ndarray:
        """A chance for each of `classes_`."""
        found = self._answers(matrix)
        powers = np.exp(found - found.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))

    def predict(self, matrix: Any) -> np.ndarray:
        """The likeliest label."""
        return np.asarray(self.classes_[self.predict_proba(matrix).argmax(axis=1)])

    def _loss(self) -> Any:
        import torch

        weights = torch.as_tensor(self.weights_, dtype=torch.float32, device=self.device_)
        return torch.nn.CrossEntropyLoss(weights)


class NetworkRegressor(RegressorMixin, _Network):
    """Numbers, learned at mean 0 and standard deviation 1."""

    def fit(self, matrix: Any, answer: Any) -> NetworkRegressor:
        """Learns from rows of numbers. ImportError where torch is not installed."""
        values = np.asarray(answer, dtype=np.float64)
        self.mean_, self.scale_ = float(values.mean()), float(values.std()) or 1.0
        self._train(matrix, ((values - self.mean_) / self.scale_).astype(np.float32)[:, None], 1, None)
        return self

    def predict(self, matrix: Any) -> np.ndarray:
        """A number for each row."""
        return np.asarray(self._answers(matrix)[:, 0] * self.scale_ + self.mean_)

    def _loss(self) -> Any:
        import torch

        return torch.nn.SmoothL1Loss()


def _layers_of(model: Any) -> list[tuple[np.ndarray, np.ndarray]]:
    """Copies of each layer's weights, inputs by outputs, and offsets."""
    return [
        (
            layer.weight.detach().cpu().numpy().T.astype(np.float64),
            layer.bias.detach().cpu().numpy().astype(np.float64),
        )
        for layer in model
        if hasattr(layer, 'weight')
    ]
