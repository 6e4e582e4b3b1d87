#include "core/generators/published_checkpoint.h"

#include <fmt/format.h>

#include <utility>

#include "core/training/checkpoint_import.h"

namespace signet::generators {

models::Manifest importGenerator(
    const std::filesystem::path& checkpoint, const std::filesystem::path& folder, const std::string& title,
    const std::function<std::unique_ptr<Generator>(const nn::TensorMap& tensors)>& read) {
    return training::importModel(checkpoint, folder, [&](const nn::TensorMap& tensors) {
        const auto generator = read(tensors);
        models::Manifest model;
        model.title = fmt::format("{}, {} px, imported", title, generator->side());
        model.arch = generator->arch();
        model.parameters = generator->parameterCount();
        model.resolution = generator->side();
        model.of = models::GeneratorFields{generator->latent()};
        model.options = generator->networkOptions();
        return training::ImportedModel{std::move(model),
                                       {{"generator"}, "signet-generator", generator->state()}};
    });
}

}  // namespace signet::generators
