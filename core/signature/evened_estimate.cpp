#include "core/signature/evened_estimate.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace signet::signature {
namespace {

constexpr double kBandwidth = 0.05;  ///< cycles a chip that a frequency's power is averaged over
constexpr double kFloor = 0.3;       ///< of the mean power: what has none is not made loud
constexpr double kAround = 6;        ///< chips that a place's power is averaged over

/// exp(-2 (pi bandwidth lag)^2) of lags that wrap around: the transform of a Gaussian over frequencies.
std::vector<float> taper(int size) {
    std::vector<float> values;
    for (int i = 0; i < size; ++i) {
        const double lag = std::numbers::pi * kBandwidth * std::min(i, size - i);
        values.push_back(static_cast<float>(std::exp(-2 * lag * lag)));
    }
    return values;
}

/// In place, of the real plane's transform.
void whiten(cv::Mat& spectrum) {
    cv::Mat power, covariance, density;
    cv::mulSpectrums(spectrum, spectrum, power, 0, true);
    cv::dft(power, covariance, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
    const std::vector<float> down = taper(spectrum.rows), across = taper(spectrum.cols);
    const auto mean = static_cast<float>(kFloor) * covariance.at<float>(0, 0);
    if (!(mean > 0)) return;  // nothing is there
    for (int row = 0; row < covariance.rows; ++row) {
        auto* line = covariance.ptr<float>(row);
        for (int column = 0; column < covariance.cols; ++column)
            line[column] *= down[static_cast<std::size_t>(row)] * across[static_cast<std::size_t>(column)];
    }
    cv::dft(covariance, density, cv::DFT_COMPLEX_OUTPUT);
    for (int row = 0; row < spectrum.rows; ++row) {
        auto* line = spectrum.ptr<cv::Vec2f>(row);
        const auto* around = density.ptr<cv::Vec2f>(row);
        for (int column = 0; column < spectrum.cols; ++column)
            line[column] *= 1 / std::sqrt(std::max(around[column][0], 0.0f) + mean);
    }
}

}  // namespace

CarrierEstimate evened(const CarrierEstimate& estimate) {
    CarrierEstimate white = limited(estimate);
    cv::Mat values(white.rows, white.columns, CV_32F, white.values.data());
    cv::Mat padded, spectrum, local;
    cv::copyMakeBorder(values, padded, 0, cv::getOptimalDFTSize(white.rows) - white.rows, 0,
                       cv::getOptimalDFTSize(white.columns) - white.columns, cv::BORDER_CONSTANT, 0);
    cv::dft(padded, spectrum, cv::DFT_COMPLEX_OUTPUT);
    whiten(spectrum);
    cv::dft(spectrum, padded, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
    padded(cv::Rect(0, 0, white.columns, white.rows)).copyTo(values);

    CarrierEstimate even = limited(white);
    cv::Mat weighted(even.rows, even.columns, CV_32F, even.values.data());
    cv::GaussianBlur(weighted.mul(weighted), local, {}, kAround, kAround, cv::BORDER_REFLECT);
    cv::sqrt(cv::max(local, 0), local);
    cv::multiply(weighted, local, weighted);
    return even;
}

}  // namespace signet::signature
