#include "ui/bridge/generator_service.h"

#include <fmt/format.h>

#include <QBuffer>
#include <QPainter>

#include "core/base/error.h"
#include "core/base/file_io.h"
#include "core/base/temporary_folder.h"
#include "core/base/visible_text.h"
#include "core/examine/loaded_models.h"
#include "core/image/encode.h"
#include "signet_build_info.h"
#include "ui/bridge/examine_service.h"
#include "ui/bridge/key_ring.h"
#include "ui/bridge/text.h"

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
    generators::SampleRequest request = order.request;
    request.batch = kDrawnAtOnce;
    std::vector<DrawnPicture> drawn;
    std::optional<jobs::DeviceLease::Hold> hold(std::in_place, *host.lease(), EngineHost::kPatience);
    model.sample(
        request, {stop, {}},
        [&](std::uint64_t number, image::Image picture) {
            drawn.push_back({request, number, wrapImage(std::move(picture))});
            out.send(drawn.back());
            if (drawn.size() % kDrawnAtOnce != 0) return;
            hold.reset();
            hold.emplace(*host.lease(), EngineHost::kPatience);
        },
        [&out](std::uint64_t done, std::uint64_t total, const std::string&) {
            out.sendLatest(DrawStep{done, total});
        });
    return drawn;
}

/// The detector of a signature, without a calibration: drawn pictures are none of those that it was made on.
examine::LoadedModel signatureDetector(const models::Manifest& signature, KeyRing& keys) {
    return examine::loadUncalibrated(
        signature, {.device = "auto", .threads = 0, .workspace = {}, .keys = keys.openKeys()});
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

/// What of a request decides its pictures, as options of `signet generate`.
std::string drawOptions(const generators::SampleRequest& request) {
    const generators::DrawSettings& settings = request.settings;
    std::string text = fmt::format("--seed {} --first {} -n {}", request.seed, request.first, request.count);
    if (request.to) text += fmt::format(" --to {}", *request.to);
    if (settings.truncation < 1) text += fmt::format(" --truncation {}", settings.truncation);
    if (settings.steps > 0) text += fmt::format(" --steps {}", settings.steps);
    if (settings.eta) text += fmt::format(" --eta {}", *settings.eta);
    if (settings.label) text += fmt::format(" --label {} --guidance {}", *settings.label, settings.guidance);
    return text;
}

/// With texts that say what drew it.
QByteArray pngOf(const PictureSheet& sheet) {
    const auto count = static_cast<int>(sheet.pictures.size());
    const QSize side = sheet.pictures.front().image->levels.front().size();
    QImage all(side.width() * sheet.columns, side.height() * ((count + sheet.columns - 1) / sheet.columns),
               QImage::Format_RGB888);
    all.fill(Qt::black);
    QPainter painter(&all);
    for (int i = 0; i < count; ++i)
        painter.drawImage(side.width() * (i % sheet.columns), side.height() * (i / sheet.columns),
                          sheet.pictures[static_cast<std::size_t>(i)].image->levels.front());
    painter.end();
    all.setText(QStringLiteral("Software"), QStringLiteral("Signet %1").arg(QLatin1String(kVersion)));
    all.setText(QStringLiteral("Model"), toText(sheet.model.name));
    all.setText(QStringLiteral("Model SHA-256"), toText(sheet.model.weightsSha256));
    const DrawnPicture& first = sheet.pictures.front();
    all.setText(QStringLiteral("Settings"), toText(drawOptions(first.request)));
    if (count == 1 && first.request.to)
        all.setText(QStringLiteral("Picture"), QString::number(first.number - first.request.first));
    QBuffer file;
    if (!file.open(QIODevice::WriteOnly) || !all.save(&file, "PNG"))
        throw Error(ErrorCode::Internal, "the PNG file could not be made");
    return file.data();
}

void writePng(const fs::path& file, const PictureSheet& sheet, IfExists ifExists) {
    const QByteArray png = pngOf(sheet);
    writeFileAtomically(file, std::string_view(png.constData(), static_cast<std::size_t>(png.size())),
                        ifExists);
}

/// One picture with what draws it alone; one on a way with the whole of that.
PictureSheet aloneOf(const models::Manifest& model, DrawnPicture picture) {
    if (!picture.request.to) {
        picture.request.first = picture.number;
        picture.request.count = 1;
    }
    return {model, {std::move(picture)}, 1};
}

SavedPictures writeAll(const fs::path& folder, const models::Manifest& model,
                       const std::vector<DrawnPicture>& pictures, const std::stop_token& stop) {
    SavedPictures saved;
    saved.place = folder;
    try {
        std::error_code error;
        for (const DrawnPicture& picture : pictures)
            if (fs::exists(fs::symlink_status(folder / picture.fileName(), error)))
                throw Error(ErrorCode::Exists,
                            fmt::format("{} is in {} already", picture.fileName(), visibleName(folder)));
        for (const DrawnPicture& picture : pictures) {
            if (stop.stop_requested()) throw Error(ErrorCode::Cancelled, "stopped on request");
            const fs::path file = folder / picture.fileName();
            writePng(file, aloneOf(model, picture), IfExists::Refuse);
            saved.files.push_back(file);
        }
    } catch (const std::exception& error) {
        saved.problem = error.what();
    }
    return saved;
}

SavedPictures writeSheet(const fs::path& file, const PictureSheet& sheet) {
    SavedPictures saved;
    saved.place = file;
    saved.isSheet = true;
    try {
        writePng(file, sheet, IfExists::Replace);
        saved.files.push_back(file);
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

void GeneratorService::save(const fs::path& folder, const models::Manifest& model,
                            const std::vector<DrawnPicture>& pictures) {
    write([folder, model, pictures](const std::stop_token& stop) {
        return writeAll(folder, model, pictures, stop);
    });
}

void GeneratorService::saveSheet(const fs::path& file, const PictureSheet& sheet) {
    write([file, sheet](const std::stop_token&) { return writeSheet(file, sheet); });
}

void GeneratorService::write(std::function<SavedPictures(const std::stop_token&)> work) {
    const auto out = m_news.begin();
    m_saving = out.request();
    m_writer.post(m_saving,
                  [out, work = std::move(work)](const std::stop_token& stop) { out.finish(work(stop)); });
}

void GeneratorService::announce(const News& news) {
    if (const auto* picture = std::get_if<DrawnPicture>(&news))
        Q_EMIT drawn(*picture);
    else if (const auto* step = std::get_if<DrawStep>(&news))
        Q_EMIT stepped(*step);
    else if (const auto* reading = std::get_if<DrawnReading>(&news))
        Q_EMIT read(*reading);
    else if (const auto* end = std::get_if<DrawEnd>(&news))
        Q_EMIT ended(*end);
    else if (const auto* pictures = std::get_if<SavedPictures>(&news))
        Q_EMIT saved(*pictures);
}

}  // namespace signet::ui
