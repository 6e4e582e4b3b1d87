#pragma once

#include <complex>
#include <span>
#include <vector>

#include "core/signature/carrier_estimate.h"
#include "core/signature/pattern_set.h"

namespace signet::signature {

/// Coefficients of a band [N] as one complex number a mode: 2m minus i times 2m + 1 (PatternBand).
using BandSpectrum = std::vector<std::complex<float>>;

BandSpectrum spectrumOf(std::span<const float> coefficients);

/// Scales to length 1; all 0 where nothing was there.
void normalise(BandSpectrum& spectrum);

/// The Fourier transform of an estimate at any frequency. A view folded along a lattice has nothing but the
/// transform's values at the frequencies of the lattice, so that trying one takes microseconds.
class ViewSpectrum {
public:
    explicit ViewSpectrum(const CarrierEstimate& estimate);

    /// Of the tile folded under a map without perspective, of length 1.
    BandSpectrum folded(const FrameMap& map, const PatternBand& band) const;

private:
    /// Cycles a chip; places are counted from m_centre.
    std::complex<float> at(double fx, double fy) const;

    ChipPoint m_centre;
    int m_rows, m_columns;                        ///< of the transform, padded to three times the view
    std::vector<std::complex<float>> m_transform;  ///< [m_rows, m_columns]
};

}  // namespace signet::signature
