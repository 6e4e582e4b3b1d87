#pragma once

#include <cstdint>

namespace signet::metrics {

/// A confidence interval, both ends included.
struct Interval {
    double lower = 0;
    double upper = 1;
};

/// I_x(a, b), the regularised incomplete beta function (continued fraction, modified Lentz). a, b > 0, x in
/// [0,1].
double regularizedIncompleteBeta(double a, double b, double x);

/// ln I_x(a, b), also where I_x(a, b) is too small for a double; minus infinity for x <= 0.
double logIncompleteBeta(double a, double b, double x);

/// The x with I_x(a, b) = p, by bisection to the last bit. p in [0,1].
double betaQuantile(double p, double a, double b);

/// The z with Phi(z) = p. p in (0,1).
double normalQuantile(double p);

/// The t with P(T <= t) = p for Student's T. p in (0,1), degreesOfFreedom > 0.
double studentQuantile(double p, double degreesOfFreedom);

/// Two-sided Clopper-Pearson interval of a proportion, k successes in n trials, level 1 - alpha; [0,1] for n
/// = 0. Throws BadOption unless 0 <= k <= n and 0 < alpha < 1 (so do the next three).
Interval clopperPearson(std::int64_t k, std::int64_t n, double alpha = 0.05);

/// One-sided upper Clopper-Pearson limit of level 1 - alpha: 1 - alpha^(1/n) for k = 0.
double clopperPearsonUpper(std::int64_t k, std::int64_t n, double alpha = 0.05);

/// One-sided lower Clopper-Pearson limit of level 1 - alpha: alpha^(1/n) for k = n.
double clopperPearsonLower(std::int64_t k, std::int64_t n, double alpha = 0.05);

/// Two-sided 95 % interval of the mean of shares in [0,1] from their sum and sum of squares (Student's t, the
/// mean taken for normal), cut to [0,1]; [0,1] for n < 2.
Interval shareMeanInterval(double sum, double squares, double n);

}  // namespace signet::metrics
