/** What people are told of the learners that a training compares, by the candidates' own names; as the reports do. */
export const LEARNER_TITLES: Readonly<Record<string, string>> = {
  dummy: 'dummy',
  linear: 'regularised linear model',
  log_linear: 'linear model of the logarithm',
  kernel: 'support vector machine',
  forest: 'random forest',
  extra_trees: 'extremely randomised trees',
  boosting: 'gradient boosting',
  blend: 'blend of linear model, trees and boosting',
  network: 'neural network',
};
