#include "ui/bridge/fingerprint_service_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/cases/database_url.h"
#include "core/fingerprint/residual.h"
#include "core/image/decode.h"
#include "ui/bridge/text.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

using registry::Instance;
using registry::InstanceRegistry;

constexpr int kMostNameCharacters = 50;  ///< of an instance's folder

InstanceRegistry openForReading(const std::string& location) {
    registry::RegistryOptions options;
    options.readOnly = true;
    options.patienceSeconds = kRegistryPatienceSeconds;
    return {location, options};
}

void throwIfStopped(const std::stop_token& stop) {
    if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped on request");
}

bool isWanted(const Instance& instance, const RegistrySearch& search) {
    using Status = RegistrySearch::Status;
    if (search.status != Status::All && instance.revoked != (search.status == Status::Revoked)) return false;
    if (!search.model.empty() && instance.model != search.model) return false;
    if (search.text.isEmpty() || search.text == QString::number(instance.id)) return true;
    const auto has = [&](const std::string& field) {
        return toText(field).contains(search.text, Qt::CaseInsensitive);
    };
    return has(instance.holder) || has(instance.notes) || has(instance.model) || has(instance.codeHex);
}

/// Code `number` of a seed.
std::vector<std::uint8_t> randomCode(std::uint64_t seed, std::uint64_t number, int bits) {
    StepRandom random(seed, number, 0);
    return drawnBits(bits, [&random] { return random.bits(); });
}

}  // namespace

RegistryContentsPtr readRegistry(const std::string& location, const RegistrySearch& search,
                                 const std::stop_token& stop) {
    auto contents = std::make_shared<RegistryContents>();
    contents->location = cases::withoutPassword(location);
    try {
        InstanceRegistry registry = openForReading(location);
        std::set<std::string> models;
        registry.each({}, [&](const Instance& instance) {
            throwIfStopped(stop);
            ++contents->total;
            models.insert(instance.model);
            if (!isWanted(instance, search)) return;
            if (++contents->matching <= static_cast<std::int64_t>(RegistryContents::kMostListed))
                contents->shown.push_back(instance);
        });
        contents->models.assign(models.begin(), models.end());
    } catch (const std::exception& error) {
        const auto* known = dynamic_cast<const Error*>(&error);
        *contents = {};
        contents->location = cases::withoutPassword(location);
        contents->isMissing = known && known->code() == ErrorCode::NotFound;
        contents->problem = error.what();
    }
    return contents;
}

fs::path freeInstanceFolder(const fs::path& parent, const std::string& holder) {
    QString plain;
    for (const QChar c : toText(holder).toLower()) {
        if (c.isLetterOrNumber())
            plain += c;
        else if (!plain.isEmpty() && !plain.endsWith(QLatin1Char('-')))
            plain += QLatin1Char('-');
    }
    plain.truncate(kMostNameCharacters);
    while (plain.endsWith(QLatin1Char('-'))) plain.chop(1);
    const std::string name = plain.isEmpty() ? "instance" : toPath(plain).string();
    std::error_code error;
    fs::path candidate = parent / name;
    for (int number = 2; fs::exists(fs::symlink_status(candidate, error)); ++number)
        candidate = parent / fmt::format("{}-{}", name, number);
    return candidate;
}

void identifyPictures(const IdentifyTask& task, LoadedFingerprintModel& models, EngineHost& host,
                      const std::stop_token& stop,
                      const std::function<void(const IdentifiedPtr&)>& onPicture) {
    std::size_t done = 0;
    bool isOpen = false;
    const auto failAll = [&](const std::string& problem) {
        for (; done < task.files.size(); ++done) {
            auto failed = std::make_shared<IdentifiedPicture>();
            failed->path = task.files[done];
            failed->problem = problem;
            onPicture(failed);
        }
    };
    try {
        InstanceRegistry registry = openForReading(task.registry);
        isOpen = true;
        const auto model = models.get(task.model);
        registry::IdentifyOptions options;
        options.threads = computingThreads();
        registry::Identifier identifier(registry, task.model.weightsSha256, model->bits(), options);
        for (; done < task.files.size() && !stop.stop_requested(); ++done) {
            auto picture = std::make_shared<IdentifiedPicture>();
            picture->path = task.files[done];
            try {
                const image::Decoded decoded = image::decode(readFile(picture->path));
                picture->bits = model->bits();
                const auto logits = [&] {
                    const jobs::DeviceLease::Hold hold(*host.lease(), EngineHost::kPatience);
                    return model->decode(decoded.image);
                }();
                picture->found = identifier.identify(logits);
            } catch (const std::exception& error) {
                picture->problem = error.what();
            }
            onPicture(picture);
        }
    } catch (const Error& error) {
        failAll(error.code() == ErrorCode::NotFound && !isOpen
                    ? "No instance is registered yet: issue or import one first"
                    : error.what());
    } catch (const std::exception& error) {
        failAll(error.what());
    }
}

ResidualDrawer::ResidualDrawer(std::shared_ptr<LoadedFingerprintModel> models,
                               std::shared_ptr<EngineHost> host)
    : m_models(std::move(models)), m_host(std::move(host)) {}

LoadedImagePtr ResidualDrawer::pictureOf(const ResidualRequest& request,
                                         const std::vector<std::uint8_t>& code, const std::stop_token& stop) {
    const auto model = m_models->get(request.model);
    const jobs::DeviceLease::Hold hold(*m_host->lease(), EngineHost::kPatience);
    throwIfStopped(stop);
    generators::SampleRequest wanted;
    wanted.seed = request.pictureSeed;
    LoadedImagePtr picture;
    model->instance(code).sample(wanted, {stop, {}}, [&](std::uint64_t, image::Image drawn) {
        picture = wrapImage(std::move(drawn));
    });
    if (!picture) throw Error(ErrorCode::Cancelled, "stopped on request");
    return picture;
}

ResidualPicturesPtr ResidualDrawer::draw(const ResidualRequest& request, const std::stop_token& stop) {
    auto pictures = std::make_shared<ResidualPictures>();
    try {
        const int bits = request.model.bits();
        const bool random = request.codeA.empty();
        const auto a = random ? randomCode(request.codeSeed, 1, bits) : bitsFromHex(request.codeA, bits);
        const auto b = random ? randomCode(request.codeSeed, 2, bits) : bitsFromHex(request.codeB, bits);
        auto mixed = a;
        const int exchanged = std::clamp(request.exchanged, 0, bits);
        std::copy_n(b.begin(), exchanged, mixed.begin());
        pictures->bits = bits;
        pictures->exchanged = exchanged;
        pictures->codeA = hexFromBits(a);
        pictures->codeB = hexFromBits(b);
        const std::string firstOf =
            fmt::format("{} {} {}", request.model.weightsSha256, pictures->codeA, request.pictureSeed);
        if (firstOf != m_firstOf) {
            m_firstOf.clear();
            m_first = pictureOf(request, a, stop);
            m_firstOf = firstOf;
        }
        pictures->first = m_first;
        pictures->second = pictureOf(request, mixed, stop);
        pictures->residual = wrapImage(fingerprint::magnifiedResidual(
            *pictures->first->samples, *pictures->second->samples, ResidualPictures::kGain));
    } catch (const std::exception& error) {
        *pictures = {};
        pictures->problem = error.what();
    }
    return pictures;
}

}  // namespace signet::ui
