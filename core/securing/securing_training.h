#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/generators/drawn_distance.h"
#include "core/generators/generator.h"
#include "core/models/manifest.h"
#include "core/securing/securable.h"
#include "core/securing/securing_options.h"
#include "core/securing/target_signing.h"
#include "core/training/task.h"

namespace signet::securing {

/// Paper A's stage 2: a generator's training goes on with signed pictures in the place of real ones, signed
/// as they come, by an injector that does not learn; what comes out signs all it draws by itself. Or the
/// attack on such a generator: it goes on with clean pictures. Validations draw pictures and have the
/// signature's detector read them. For one thread.
class SecuringTraining final : public training::TrainingTask {
public:
    /// Loads generator and signature. Throws BadOption, and what loading throws.
    explicit SecuringTraining(SecuringOptions options, training::Placement placement = {});

    training::LoaderOptions loaderOptions() const override { return m_inner.training->loaderOptions(); }
    training::StepResult step(const training::Batch& batch) override;
    std::uint64_t stepsDone() const override { return m_inner.training->stepsDone(); }
    nn::SafeTensors state() override { return m_inner.training->state(); }
    void restore(const nn::SafeTensors& state) override { m_inner.training->restore(state); }
    void startFrom(const nn::TensorMap& weights) override { m_inner.training->startFrom(weights); }
    void setViews(const training::PhotoSet& photos) override;
    std::optional<training::Validation> validate() override;
    std::optional<training::Samples> samples() override;
    std::optional<std::string> advice(const Json& record) override;
    void writeModel(const std::filesystem::path& folder, const Json& origin) override;
    std::int64_t parameterCount() const override { return m_inner.training->parameterCount(); }

private:
    /// The generator with what was learnt until now.
    generators::Generator& current();
    torch::Tensor drawn(generators::Generator& generator, std::uint64_t first, std::int64_t count) const;

    SecuringOptions m_options;
    training::Placement m_placement;
    models::Manifest m_manifest;  ///< of the generator
    TargetSigning m_signing;
    Securable m_inner;
    std::unique_ptr<generators::Generator> m_original, m_current;
    std::optional<std::uint64_t> m_currentStep;  ///< that current() is of
    std::unique_ptr<generators::DrawnDistance> m_distance;
    std::string m_noDistance;  ///< why there is none, until it was said
};

}  // namespace signet::securing
