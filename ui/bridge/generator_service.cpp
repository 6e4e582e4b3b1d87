#include "ui/bridge/generator_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/temporary_folder.h"
#include "core/base/visible_text.h"
#include "core/examine/loaded_models.h"
#include "core/image/encode.h"
#include "ui/bridge/examine_service.h"
#include "ui/bridge/key_ring.h"

namespace fs = std::filesystem;

namespace signet::ui {
namespace {

using generators::GeneratorModel;
using GeneratorSender = Outbox<GeneratorService::News>::Sender;

/// Pictures drawn at a time: few, so that the first ones are soon there, and others have their turn of the
/// device.
constexpr int kDrawnAtOnce = 4;

std::vector<DrawnPicture> drawAll(const DrawOrder& order, GeneratorModel& model, EngineHost& host,
                                  const std::stop_token& stop, const GeneratorSender& out) {
    std::vector<DrawnPicture> drawn;
    while (drawn.size() < order.request.count && !stop.stop_requested()) {
        generators::SampleRequest part = order.request;
        part.batch = kDrawnAtOnce;
        part.first += drawn.size();
        part.count = std::min<std::uint64_t>(kDrawnAtOnce, order.request.count - drawn.size());
        const jobs::DeviceLease::Hold hold(*host.lease(), EngineHost::kPatience);
        model.sample(part, {stop, {}}, [&](std::uint64_t number, image::Image picture) {
            drawn.push_back({part.seed, number, wrapImage(std::move(picture))});
            out.send(drawn.back());
        });
    }
    return drawn;
}

/// The detector of a signature, without a calibration: drawn pictures are none of those that it was made on.
examine::LoadedModel signatureDetector(const models::Manifest& signature, KeyRing& keys) {
    return examine::loadUncalibrated(
        signature.folder.string(),
        {.device = "auto", .threads = 0, .workspace = {}, .keys = keys.openKeys()});
}

/// Why not all were read; empty: they were. Models that examine take files, as everywhere.
std::string readAll(const std::vector<DrawnPicture>& pictures, const DrawOrder& order, EngineHost& host,
                    KeyRing& keys, const std::stop_token& stop, const GeneratorSender& out) {
    std::optional<examine::LoadedModel> detector;
    std::optional<TemporaryFolder> folder;
    std::string problem;
    if (order.signature) detector.emplace(signatureDetector(*order.signature, keys));
    if (order.examined) folder.emplace("drawn");
    for (const DrawnPicture& picture : pictures) {
        if (stop.stop_requested() || (!detector && !folder)) break;
        DrawnReading reading;
        reading.number = picture.number;
        const image::Image& pixels = *picture.image->samples;
        if (detector) {
            const jobs::DeviceLease::Hold hold(*host.lease(), EngineHost::kPatience);
            reading.own = examine::findingOf(*detector, pixels);
        }
        if (folder) {
            const fs::path file = folder->path() / picture.fileName();
            writeFileAtomically(file, image::encode(pixels, {}), IfExists::Refuse);
            examine::Record record = checkFile(host, file, order.models, {stop, {}});
            if (record.error) {
                problem = record.error->message;
                folder.reset();  // the others would fail alike
            }
            reading.findings = std::move(record.findings);
        }
        out.send(std::move(reading));
    }
    return problem;
}

SavedPictures writeAll(const fs::path& folder, const std::vector<DrawnPicture>& pictures,
                       const std::stop_token& stop) {
    SavedPictures saved;
    saved.folder = folder;
    try {
        std::error_code error;
        for (const DrawnPicture& picture : pictures)
            if (fs::exists(fs::symlink_status(folder / picture.fileName(), error)))
                throw Error(ErrorCode::Exists,
                            fmt::format("{} is in {} already", picture.fileName(), visibleName(folder)));
        for (const DrawnPicture& picture : pictures) {
            if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped on request");
            const fs::path file = folder / picture.fileName();
            writeFileAtomically(file, image::encode(*picture.image->samples, {}), IfExists::Refuse);
            saved.files.push_back(file);
        }
    } catch (const std::exception& error) {
        saved.problem = error.what();
    }
    return saved;
}

}  // namespace

GeneratorControls controlsOf(const models::Manifest& generator) {
    GeneratorControls known;
    try {
        known.controls = generators::drawControls(generator.arch, generator.options);
    } catch (const std::exception& error) {
        known.problem = error.what();
    }
    return known;
}

std::string DrawnPicture::fileName() const {
    return fmt::format("{}-{:06}.png", seed, number);
}

GeneratorService::GeneratorService(std::shared_ptr<EngineHost> host, std::shared_ptr<KeyRing> keys,
                                   QObject* parent)
    : QObject(parent),
      m_host(std::move(host)),
      m_keys(std::move(keys)),
      m_news([this](quint64, const News& news) { announce(news); }) {}

void GeneratorService::draw(const DrawOrder& order) {
    stopDrawing();
    const auto out = m_news.begin();
    m_drawing = out.request();
    m_worker.post(m_drawing,
                  [out, order, models = m_models, host = m_host, keys = m_keys](const std::stop_token& stop) {
                      DrawEnd end;
                      std::vector<DrawnPicture> pictures;
                      try {
                          pictures = drawAll(order, *models->get(order.model), *host, stop, out);
                      } catch (const std::exception& error) {
                          end.problem = error.what();
                      }
                      try {
                          end.unread = readAll(pictures, order, *host, *keys, stop, out);
                      } catch (const std::exception& error) {
                          end.unread = error.what();
                      }
                      out.finish(std::move(end));
                  });
}

void GeneratorService::stopDrawing() {
    m_news.end(m_drawing);
    m_worker.cancel({m_drawing});
}

void GeneratorService::save(const fs::path& folder, const std::vector<DrawnPicture>& pictures) {
    const auto out = m_news.begin();
    m_saving = out.request();
    m_writer.post(m_saving, [out, folder, pictures](const std::stop_token& stop) {
        out.finish(writeAll(folder, pictures, stop));
    });
}

void GeneratorService::announce(const News& news) {
    if (const auto* picture = std::get_if<DrawnPicture>(&news))
        Q_EMIT drawn(*picture);
    else if (const auto* reading = std::get_if<DrawnReading>(&news))
        Q_EMIT read(*reading);
    else if (const auto* end = std::get_if<DrawEnd>(&news))
        Q_EMIT ended(*end);
    else if (const auto* pictures = std::get_if<SavedPictures>(&news))
        Q_EMIT saved(*pictures);
}

}  // namespace signet::ui
