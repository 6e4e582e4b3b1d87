#include "app/cli/evaluate_generator.h"

#include <fmt/format.h>

#include "app/cli/inputs.h"
#include "app/cli/key_choice.h"
#include "core/examine/loaded_models.h"
#include "core/generators/generator_model.h"

namespace signet::cli {
namespace {

/// "987 of 1000 (98.70 %, 97.79 to 99.31)"
std::string ofDrawn(const metrics::Proportion& share) {
    const auto interval = share.ci95();
    return fmt::format("{} of {} ({:.2f} %, {:.2f} to {:.2f})", share.k, share.n, 100 * share.value(),
                       100 * interval.lower, 100 * interval.upper);
}

/// "1 of 500 (0.20 %, at most 0.95)"
std::string ofUnsigned(const metrics::Proportion& share) {
    return fmt::format("{} of {} ({:.2f} %, at most {:.2f})", share.k, share.n, 100 * share.value(),
                       100 * share.upper95());
}

std::string inWords(const examine::DrawnRow& row) {
    std::string text = row.attack + ":";
    if (row.drawn.reported) text += fmt::format(" found {},", ofDrawn(*row.drawn.reported));
    if (row.drawn.aboveZero) text += fmt::format(" above 0 {},", ofDrawn(*row.drawn.aboveZero));
    if (row.bitAccuracy)
        text += fmt::format(" bits {:.2f} % right ({:.2f} to {:.2f}),", 100 * row.bitAccuracy->mean,
                            100 * row.bitAccuracy->ci95.lower, 100 * row.bitAccuracy->ci95.upper);
    if (row.exactCodeRate) text += fmt::format(" whole codes {},", ofDrawn(*row.exactCodeRate));
    if (row.wrongCodeRate) text += fmt::format(" wrong codes {},", ofUnsigned(*row.wrongCodeRate));
    if (row.real && row.real->reported)
        text += fmt::format(" unsigned images found {},", ofUnsigned(*row.real->reported));
    if (row.real && row.real->aboveZero)
        text += fmt::format(" unsigned images above 0 {},", ofUnsigned(*row.real->aboveZero));
    text.pop_back();
    return text;
}

KeyChoice keyOf(const models::Manifest& generator) {
    const std::string usual = "public";
    return {{generator.training.is_object() ? generator.training.value("key", usual) : usual}, {}};
}

}  // namespace

std::vector<std::string> evaluateGenerator(Session& session, const models::Manifest& generator,
                                           const std::string& signature,
                                           const examine::DrawnOptions& options) {
    auto setup = examinerOptions(session.options());
    setup.keys = keysToReadWith(session, keyOf(generator));
    auto detector =
        examine::loadCalibrated(examine::signatureOf(generator, signature, setup.workspace), setup);
    generators::GeneratorModel model(generator, setup.device, examine::threadsOf(setup));
    const auto draw = [&](std::uint64_t seed, std::uint64_t count, const WorkContext& context,
                          const std::function<void(const image::Image&)>& onPicture) {
        (void)model.sample({.seed = seed, .count = count}, context,
                           [&](std::uint64_t, const image::Image& picture) { onPicture(picture); });
    };
    std::vector<std::string> leftOut;
    const auto rows = examine::checkDrawn(detector, {generator, draw}, options, session.context(), &leftOut);
    for (const auto& row : rows) session.emit(examine::toJson(row), inWords(row));
    return leftOut;
}

}  // namespace signet::cli
