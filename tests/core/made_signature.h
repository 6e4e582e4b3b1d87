#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/examine/keyed_detector.h"
#include "core/examine/loaded_models.h"

namespace signet::test {

/// A keyed signature without networks: one pattern of signs over the pixels for its presence and one a bit,
/// drawn from the key. It is read where each pixel is where it was.
class MadePatterns {
public:
    static constexpr int kBits = 4;

    explicit MadePatterns(const signature::SecretKey& key) {
        for (std::size_t i = 0; i < 8; ++i) m_seed = m_seed << 8 | key.bytes()[i];
    }

    /// -1 or 1; pattern 0 is that of presence.
    double at(int pattern, int x, int y) const {
        const auto place = static_cast<std::uint64_t>(pattern) << 48 | static_cast<std::uint64_t>(y) << 24 |
                           static_cast<std::uint64_t>(x);
        return mixedSeed(m_seed, place) & 1 ? 1 : -1;
    }

private:
    std::uint64_t m_seed = 0;
};

class MadeInjector final : public examine::Injector {
public:
    explicit MadeInjector(double levels) : m_levels(levels) {}
    int bits() const override { return MadePatterns::kBits; }
    bool isKeyed() const override { return true; }
    image::Planes residual(const image::Image& picture, const examine::Inscription& inscription) override {
        const MadePatterns patterns(*inscription.key);
        const double amplitude = m_levels / 127.5 / std::sqrt(1.0 + MadePatterns::kBits);
        image::Planes planes{picture.width, picture.height, {}};
        for (int y = 0; y < picture.height; ++y)
            for (int x = 0; x < picture.width; ++x) {
                double sum = patterns.at(0, x, y);
                for (int b = 0; b < MadePatterns::kBits; ++b)
                    sum +=
                        (inscription.code[static_cast<std::size_t>(b)] ? 1 : -1) * patterns.at(b + 1, x, y);
                planes.data.push_back(static_cast<float>(amplitude * sum));
            }
        const auto plane = planes.data;
        for (int c = 1; c < 3; ++c) planes.data.insert(planes.data.end(), plane.begin(), plane.end());
        return planes;
    }

private:
    double m_levels;
};

/// Looks for the public key's patterns. Its p-value is 0.5 exp(-z^2 / 2), a bound of the normal tail.
class MadeDetector final : public examine::Detector {
public:
    int inputSide() const override { return 96; }
    int bits() const override { return MadePatterns::kBits; }
    std::optional<examine::OwnThresholds> ownThresholds() const override { return examine::kKeyedThresholds; }
    examine::Reading detect(const image::Image& image) override {
        const MadePatterns patterns(signature::SecretKey::publicDefault());
        std::array<double, MadePatterns::kBits + 1> sums{};
        double energy = 0;
        const auto green = [&](int x, int y) {
            return static_cast<double>(image.data[static_cast<std::size_t>((y * image.width + x) * 3 + 1)]);
        };
        for (int y = 0; y < image.height; ++y)
            for (int x = 1; x + 1 < image.width; ++x) {
                const double detail = green(x, y) - (green(x - 1, y) + green(x + 1, y)) / 2;
                energy += detail * detail;
                for (int p = 0; p <= MadePatterns::kBits; ++p)
                    sums[static_cast<std::size_t>(p)] += detail * patterns.at(p, x, y);
            }
        for (double& sum : sums) sum /= std::sqrt(energy + 1e-9);
        examine::Reading reading;
        reading.scoreLogit = sums[0] > 0 ? (sums[0] * sums[0] / 2 + std::log(2.0)) / std::log(10.0) : 0;
        reading.keyed = examine::KeyedEvidence{};
        reading.keyed->log10P = -reading.scoreLogit;
        const auto unsure = [](double sum) { return std::abs(sum) < 4; };
        if (std::none_of(sums.begin(), sums.end(), unsure) && sums[0] > 0) {
            for (std::size_t b = 1; b < sums.size(); ++b)
                reading.bitLogits.push_back(sums[b] > 0 ? 1.0F : -1.0F);
            reading.codeChecked = true;
        }
        return reading;
    }
};

/// levels: root mean square of what signing adds.
inline examine::LoadedModel madeSignature(const std::filesystem::path& folder, double levels = 3) {
    examine::LoadedModel model;
    model.manifest.name = "made";
    model.manifest.weightsSha256 = "aa";
    model.manifest.of = models::SignatureFields{MadePatterns::kBits, 38};
    model.manifest.folder = folder;
    model.networks.detector = std::make_unique<MadeDetector>();
    model.networks.injector = std::make_unique<MadeInjector>(levels);
    return model;
}

}  // namespace signet::test
