#pragma once

#include <cstdint>
#include <vector>

#include "core/signature/carrier_lattice.h"
#include "core/signature/view_spectrum.h"

namespace signet::signature {

/// An estimate folded along every lattice that it repeats along: all that is to be done before a key is
/// asked, so that many keys can be compared with one picture.
class FoldedEstimate {
public:
    /// Throws BadOption as CarrierEstimate::validate.
    FoldedEstimate(CarrierEstimate estimate, const PatternBand& band, const LatticeRange& range = {});

    /// The estimate, limited().
    const CarrierEstimate& estimate() const { return m_estimate; }
    const PatternBand& band() const { return m_band; }
    const std::vector<CarrierLattice>& lattices() const { return m_lattices; }
    /// Of the tile folded along lattice i, of length 1; all 0 where nothing was there.
    const BandSpectrum& spectrum(std::size_t i) const { return m_spectra[i]; }

    /// The same under a map without perspective, in microseconds.
    BandSpectrum spectrumNear(const FrameMap& map) const { return spectrumNear(map, m_band); }
    BandSpectrum spectrumNear(const FrameMap& map, const PatternBand& band) const {
        return m_transform.folded(map, band);
    }
    /// The same of any map, and of part of the view.
    BandSpectrum spectrumUnder(const FrameMap& map) const { return spectrumUnder(map, wholeView()); }
    BandSpectrum spectrumUnder(const FrameMap& map, const ChipWindow& window) const;
    ChipWindow wholeView() const { return {0, 0, m_estimate.rows, m_estimate.columns}; }

    /// Geometries that a search tries: lattices x quarter turns x mirrors x shifts by half a chip.
    std::int64_t trials() const;

private:
    CarrierEstimate m_estimate;
    PatternBand m_band;
    ViewSpectrum m_transform;
    std::vector<CarrierLattice> m_lattices;
    std::vector<BandSpectrum> m_spectra;
};

/// Where a synchronisation pattern fits.
struct SyncHit {
    FrameMap map;
    double correlation = 0;  ///< of the folded tile with the pattern, -1 .. 1
};

/// Real part of the product of two spectra: the correlation of two tiles of length 1.
double correlationOf(const BandSpectrum& a, const BandSpectrum& b);

/// For each lattice in each of its eight positions the shift at which the pattern fits best, of whole chips
/// and then half a chip about; the best of these, best first. sync: spectrumOf() a pattern.
std::vector<SyncHit> searchSync(const FoldedEstimate& folded, const BandSpectrum& sync, std::size_t most);

/// Turned and mirrored views of any pitch: by the pattern's low frequencies first, over all pitches, angles,
/// mirrors and shifts, then by small steps from the best; best first. This finds what does not repeat strongly
/// enough to be among the lattices; the correlations it gives are the best of more geometries than trials()
/// counts, so that they are no evidence by themselves.
std::vector<SyncHit> sweepSync(const FoldedEstimate& folded, const BandSpectrum& sync, std::size_t most,
                               const LatticeRange& range = {});

}  // namespace signet::signature
