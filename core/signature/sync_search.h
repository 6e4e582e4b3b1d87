#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

#include "core/signature/pattern_set.h"
#include "core/signature/tilted_view.h"

namespace signet::signature {

/// Coefficients of a band [N] as one complex number a mode: 2m minus i times 2m + 1 (PatternBand).
using BandSpectrum = std::vector<std::complex<float>>;

BandSpectrum spectrumOf(std::span<const float> coefficients);
/// The real tile of a spectrum, [side, side] with side = band.size() * perChip: of a carrier's, up to a
/// factor.
std::vector<float> tileOf(const BandSpectrum& spectrum, const PatternBand& band, int perChip);

/// An estimate folded along every lattice that it repeats along: all that is to be done before a key is
/// asked, so that many keys can be compared with one picture. The lattices are looked for when they are first
/// asked for: what is read as it is shown needs none. Not thread-safe.
class FoldedEstimate {
public:
    /// Throws BadOption as CarrierEstimate::validate.
    FoldedEstimate(const CarrierEstimate& estimate, const PatternBand& band, const LatticeRange& range = {});

    /// The estimate, evened().
    const CarrierEstimate& estimate() const { return m_estimate; }
    const PatternBand& band() const { return m_band; }
    /// From the view to a frame, of every lattice.
    const std::vector<FrameMap>& maps() const { return found().maps; }
    double smallTiles() const { return found().smallTiles; }  ///< see ViewMaps
    /// Of the tile folded under map i of maps(), of length 1; all 0 where nothing was there.
    const BandSpectrum& spectrum(std::size_t i) const { return m_spectra[i]; }

    /// The same of any map, and of part of the view.
    BandSpectrum spectrumUnder(const FrameMap& map) const { return spectrumUnder(map, wholeView()); }
    BandSpectrum spectrumUnder(const FrameMap& map, const ChipWindow& window) const;
    ChipWindow wholeView() const { return {0, 0, m_estimate.rows, m_estimate.columns}; }

    /// Geometries that a search tries: lattices x quarter turns x mirrors x shifts by half a chip.
    std::int64_t trials() const;

private:
    const ViewMaps& found() const;

    CarrierEstimate m_estimate;
    PatternBand m_band;
    LatticeRange m_range;
    mutable ViewMaps m_found;  ///< empty: not looked for yet
    mutable std::vector<BandSpectrum> m_spectra;
};

/// Where a synchronisation pattern fits.
struct SyncHit {
    FrameMap map;
    double correlation = 0;  ///< of the folded tile with the pattern, -1 .. 1
};

/// How well the pattern fits a tile, both of length 1: -1 .. 1.
double correlationOf(const BandSpectrum& tile, const BandSpectrum& sync);

/// For each lattice in each of its eight positions the shift at which the pattern fits best; the best of
/// these, best first. sync: spectrumOf() a pattern.
std::vector<SyncHit> searchSync(const FoldedEstimate& folded, const BandSpectrum& sync, std::size_t most);

}  // namespace signet::signature
