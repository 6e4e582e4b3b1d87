#pragma once

namespace signet::metrics {

// How rare a correlation is between a vector of n numbers and directions drawn at random, uniformly over all
// (Haar) and apart from the vector. Exact for any vector: only the directions are random. Bonferroni's
// correction for a search: correctedLog10P (core/metrics/binomial.h).

/// log10 P(S >= share) for the share S of the vector's energy that lies in the span of k such directions,
/// S ~ Beta(k / 2, (n - k) / 2); k = 1: the squared correlation with one direction of either sign. Holds far
/// below 1e-300; 0 for share <= 0, minus infinity for share >= 1. Throws BadOption unless 0 < k < n and share
/// is a number.
double log10EnergyShareTail(double share, int k, int n);

/// log10 P(R >= correlation) for the correlation R with one such direction, in -1 .. 1. Throws BadOption
/// unless n > 1 and correlation is a number.
double log10CorrelationTail(double correlation, int n);

}  // namespace signet::metrics
