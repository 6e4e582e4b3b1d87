#pragma once

#include <memory>
#include <string>

#include "core/examine/attacker.h"

namespace signet::removal {

/// A trained remover ready for use: weights verified, on one device. It knows the signing program, and the
/// key where it learned from that (RemoverTraining has the attacker in words). Holds no Torch type in its
/// interface. Calls from several threads are served one after another.
class RemoverModel final : public examine::Attacker {
public:
    /// Throws BadOption for a model of another kind, HashMismatch, Corrupt, NotFound, Environment (device).
    RemoverModel(const models::Manifest& manifest, const std::string& device, int threads);
    ~RemoverModel() override;

    std::string name() const override { return examine::kRemoverWay; }
    const models::Manifest& model() const override { return m_manifest; }
    Json settings() const override;
    image::Image attack(const examine::Attacked& attacked, const WorkContext& /*context*/) override {
        return remove(attacked.picture);
    }

    /// A picture of any size with what the network takes for a signature taken off; rounded to its depth.
    image::Image remove(const image::Image& picture);

private:
    struct Impl;
    models::Manifest m_manifest;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace signet::removal
