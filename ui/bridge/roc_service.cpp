#include "ui/bridge/roc_service.h"

#include <algorithm>

#include "core/base/error.h"
#include "ui/bridge/text.h"

namespace signet::ui {
namespace {

constexpr quint64 kEnoughForRate = 5;  ///< images until the time left is worth saying

std::shared_ptr<RocDetector> makeDetector(const metrics::DetectorScores& from) {
    auto detector = std::make_shared<RocDetector>();
    detector->roc = metrics::computeRoc(from.scores, from.labels);
    detector->band = metrics::rocBand(detector->roc);
    for (std::size_t i = 0; i < from.scores.size(); ++i)
        (from.labels[i] ? detector->signedScores : detector->unsignedScores).push_back(from.scores[i]);
    std::sort(detector->signedScores.begin(), detector->signedScores.end());
    std::sort(detector->unsignedScores.begin(), detector->unsignedScores.end());
    detector->name = from.name;
    return detector;
}

RocDetectors detectorsOf(const FolderScoresPtr& scores, const examine::ScoreFoldersOptions& options) {
    RocDetectors detectors;
    for (std::size_t m = 0; m < scores->models.size(); ++m) {
        metrics::DetectorScores from{scores->models[m], {}, {}};
        for (const examine::ScoredFile& file : scores->files) {
            from.scores.push_back(file.scores[m]);
            from.labels.push_back(file.isSigned);
        }
        auto detector = makeDetector(from);
        detector->source =
            options.signedFolder.filename().native() + ", " + options.unsignedFolder.filename().native();
        detector->folders = scores;
        detector->modelIndex = m;
        detector->model = scores->models[m];
        detector->modelSha256 = scores->modelSha256.at(m);
        detector->words = scores->words.at(m);
        detectors.push_back(std::move(detector));
    }
    return detectors;
}

/// An earlier calibration as far as it can be read: a damaged one is kept beside, but says nothing.
std::optional<models::Calibration> earlierCalibration(const models::Manifest& manifest) {
    try {
        return models::loadCalibration(manifest);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Corrupt) throw;
        return std::nullopt;
    }
}

}  // namespace

RocDetectors detectorsOf(const std::filesystem::path& scoreFile) {
    RocDetectors detectors;
    for (const metrics::DetectorScores& from : metrics::readScoreFile(scoreFile)) {
        const std::string title = from.name.empty() ? scoreFile.stem().native() : from.name;
        try {
            auto detector = makeDetector(from);
            detector->name = title;
            detector->source = scoreFile.filename().native();
            detectors.push_back(std::move(detector));
        } catch (const Error& error) {
            throw Error(error.code(), title + ": " + error.what());
        }
    }
    return detectors;
}

RocService::RocService(std::shared_ptr<EngineHost> host, QObject* parent)
    : QObject(parent), m_host(std::move(host)), m_outbox([this](quint64, const Message& message) {
          if (const auto* latest = std::get_if<Progress>(&message))
              announce(*latest);
          else
              announce(std::get<Event>(message));
      }) {}

void RocService::open(const std::filesystem::path& scoreFile) {
    const auto out = m_outbox.begin();
    m_files.post(out.request(), [scoreFile, out](const std::stop_token&) {
        Event event{Event::Kind::Opened, scoreFile, {}, {}, nullptr};
        try {
            event.detectors = detectorsOf(scoreFile);
        } catch (const std::exception& error) {
            event.kind = Event::Kind::OpenFailed;
            event.message = error.what();
        }
        out.finish(std::move(event));
    });
}

void RocService::measure(const examine::ScoreFoldersOptions& options) {
    if (isMeasuring()) return;
    m_phase.clear();
    const auto out = m_outbox.begin();
    m_measurement = out.request();
    m_stopAsked = std::stop_source();
    m_measure.post(out.request(), [options, host = m_host, out,
                                   asked = m_stopAsked](const std::stop_token& ending) mutable {
        const std::stop_callback serviceEnds(ending, [&asked] { asked.request_stop(); });
        Event event{Event::Kind::Measured, {}, {}, {}, nullptr};
        const WorkContext context{asked.get_token(),
                                  [&](std::uint64_t done, std::uint64_t total, const std::string& what) {
                                      out.sendLatest(Progress{done, total, what});
                                  }};
        try {
            context.report(0, 0, "loading");
            const auto engine = host->acquire();
            const cases::BatchExaminer examiner = engine->batchExaminer(options.models);
            const auto examine = [&](const std::filesystem::path& path,
                                     const std::vector<std::string>& models, const WorkContext& inner) {
                examine::CheckOptions check;
                check.models = models;
                const jobs::DeviceLease::Hold hold(*host->lease(), EngineHost::kPatience);
                return examiner.check(path, check, inner);
            };
            event.scores =
                std::make_shared<examine::FolderScores>(examine::scoreFolders(options, examine, context));
            try {
                event.detectors = detectorsOf(event.scores, options);
            } catch (const std::exception& error) {  // a kind is missing, after a stop or failures
                event.message = error.what();
            }
        } catch (const std::exception& error) {
            event.kind = Event::Kind::MeasureFailed;
            event.message = error.what();
        }
        out.finish(std::move(event));
    });
}

void RocService::stop() {
    m_stopAsked.request_stop();  // not the worker's cancelAll: what still waits there would never answer
}

void RocService::saveCalibration(const models::Manifest& manifest, const RocDetectorPtr& detector,
                                 double threshold) {
    const auto out = m_outbox.begin();
    m_files.post(out.request(), [=, host = m_host](const std::stop_token&) {
        Event event{Event::Kind::Saved, {}, manifest.name, {}, nullptr};
        try {
            if (!detector->folders)
                throw Error(ErrorCode::BadOption, "the scores of a file belong to no model");
            if (detector->modelSha256 != manifest.weightsSha256) {
                throw Error(ErrorCode::HashMismatch,
                            "the model's weights are not those that were measured: measure again");
            }
            if (const auto trained = models::loadTrainingList(manifest.folder)) {
                if (const int known = detector->folders->countInTraining(*trained); known > 0) {
                    throw Error(ErrorCode::BadOption,
                                std::to_string(known) +
                                    " of the images measured are in the model's list of training files: a "
                                    "calibration needs others");
                }
            }
            const auto calibration = examine::calibrationFrom(
                detector->folders->scoresOf(detector->modelIndex), threshold, earlierCalibration(manifest));
            event.path = models::replaceCalibration(manifest, calibration);
            host->reload();
        } catch (const std::exception& error) {
            event.kind = Event::Kind::SaveFailed;
            event.message = error.what();
        }
        out.finish(std::move(event));
    });
}

void RocService::write(const std::filesystem::path& path, Write write) {
    const auto out = m_outbox.begin();
    m_files.post(out.request(), [path, write = std::move(write), out](const std::stop_token&) {
        Event event{Event::Kind::Written, path, {}, {}, nullptr};
        try {
            write(path);
        } catch (const std::exception& error) {
            event.kind = Event::Kind::WriteFailed;
            event.message = error.what();
        }
        out.finish(std::move(event));
    });
}

void RocService::announce(const Progress& latest) {
    const QString what = toText(latest.what);
    if (what != m_phase) {
        m_phase = what;
        m_clock.start();
    }
    double left = -1;
    if (latest.done >= kEnoughForRate)
        left = 1e-3 * static_cast<double>(m_clock.elapsed()) *
               static_cast<double>(latest.total - latest.done) / static_cast<double>(latest.done);
    Q_EMIT progress(latest.done, latest.total, what, left);
}

void RocService::announce(const Event& event) {
    using enum Event::Kind;
    switch (event.kind) {
        case Opened:
            return opened(event.detectors);
        case OpenFailed:
            return openFailed(event.path, sentence(event.message));
        case Measured:
            return measured(event.scores, event.detectors, sentence(event.message));
        case MeasureFailed:
            return measureFailed(sentence(event.message));
        case Saved:
            return calibrationSaved(toText(event.message), event.path);
        case SaveFailed:
            return calibrationFailed(sentence(event.message));
        case Written:
            return written(event.path);
        case WriteFailed:
            return writeFailed(sentence(event.message));
    }
}

}  // namespace signet::ui
