#include "core/signature/view_spectrum.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <opencv2/core.hpp>

namespace signet::signature {
namespace {

constexpr int kPadding = 3;  ///< bilinear interpolation between frequencies then loses 5 % at most

using Complex = std::complex<float>;

std::complex<double> turned(double turns) {
    return std::polar(1.0, 2 * std::numbers::pi * turns);
}

}  // namespace

BandSpectrum spectrumOf(std::span<const float> coefficients) {
    BandSpectrum spectrum;
    for (std::size_t i = 0; i + 1 < coefficients.size(); i += 2)
        spectrum.emplace_back(coefficients[i], -coefficients[i + 1]);
    return spectrum;
}

void normalise(BandSpectrum& spectrum) {
    double squares = 0;
    for (const Complex& value : spectrum) squares += std::norm(value);
    const auto scale = static_cast<float>(squares > 0 ? 1 / std::sqrt(squares) : 0);
    for (Complex& value : spectrum) value *= scale;
}

ViewSpectrum::ViewSpectrum(const CarrierEstimate& view)
    : m_centre{view.columns / 2 + 0.5, view.rows / 2 + 0.5},
      m_rows(cv::getOptimalDFTSize(kPadding * view.rows)),
      m_columns(cv::getOptimalDFTSize(kPadding * view.columns)),
      m_transform(static_cast<std::size_t>(m_rows) * static_cast<std::size_t>(m_columns)) {
    // The middle of the view comes first: neighbouring frequencies then have much the same phase.
    const int above = view.rows / 2, before = view.columns / 2;
    cv::Mat padded = cv::Mat::zeros(m_rows, m_columns, CV_32F);
    for (int row = 0; row < view.rows; ++row) {
        const float* from = view.values.data() + static_cast<std::ptrdiff_t>(row) * view.columns;
        auto* to = padded.ptr<float>((row - above + m_rows) % m_rows);
        std::copy_n(from, before, to + m_columns - before);
        std::copy(from + before, from + view.columns, to);
    }
    cv::Mat transform(m_rows, m_columns, CV_32FC2, m_transform.data());
    cv::dft(padded, transform, cv::DFT_COMPLEX_OUTPUT);
}

Complex ViewSpectrum::at(double fx, double fy) const {
    const double x = (fx - std::floor(fx)) * m_columns, y = (fy - std::floor(fy)) * m_rows;
    const int lowX = static_cast<int>(x), lowY = static_cast<int>(y);
    const auto right = static_cast<float>(x - lowX), down = static_cast<float>(y - lowY);
    const auto line = [&](int row) {
        const Complex* values =
            m_transform.data() + static_cast<std::ptrdiff_t>(row % m_rows) * m_columns;
        const Complex left = values[lowX % m_columns];
        return left + right * (values[(lowX + 1) % m_columns] - left);
    };
    const Complex upper = line(lowY);
    return upper + down * (line(lowY + 1) - upper);
}

BandSpectrum ViewSpectrum::folded(const FrameMap& map, const PatternBand& band) const {
    // Place p of the view lies at A p + t in the frame, (0.5, 0.5) at the tile's first place: frequency f of
    // the tile is A' f of the view, its phase that of the view's centre.
    const double size = band.size();
    const ChipPoint centre = map.at(m_centre.x, m_centre.y);
    const std::complex<double> acrossStep = turned(-(centre.x - 0.5) / size),
                               downStep = turned(-(centre.y - 0.5) / size);
    BandSpectrum spectrum;
    spectrum.reserve(band.modes().size());
    std::complex<double> phase = 1;
    PatternBand::Mode before;
    bool isFirst = true;
    for (const auto& mode : band.modes()) {
        if (!isFirst && mode.fy == before.fy && mode.fx == before.fx + 1)
            phase *= acrossStep;
        else
            phase = std::pow(acrossStep, mode.fx) * std::pow(downStep, mode.fy);
        before = mode;
        isFirst = false;
        const double fx = (map.h[0] * mode.fx + map.h[3] * mode.fy) / size;
        const double fy = (map.h[1] * mode.fx + map.h[4] * mode.fy) / size;
        spectrum.push_back(at(fx, fy) * Complex(phase));
    }
    normalise(spectrum);
    return spectrum;
}

}  // namespace signet::signature
