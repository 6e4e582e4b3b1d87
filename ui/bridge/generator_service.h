#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/examine/record.h"
#include "core/generators/generator_model.h"
#include "ui/bridge/engine.h"
#include "ui/bridge/kept_model.h"
#include "ui/bridge/loaded_image.h"
#include "ui/bridge/outbox.h"
#include "ui/bridge/worker_thread.h"

namespace signet::ui {

class KeyRing;

/// Which settings a generator understands.
struct GeneratorControls {
    generators::DrawControls controls;
    std::string problem;  ///< why nothing can be drawn with it; the rest means nothing then
};
/// As its manifest says: nothing is loaded.
GeneratorControls controlsOf(const models::Manifest& generator);

/// What is drawn, and what reads it.
struct DrawOrder {
    models::Manifest model;
    generators::SampleRequest request;
    bool examined = false;                      ///< by the models that examine
    std::vector<std::string> models = {};       ///< those; none: the default ones
    std::optional<models::Manifest> signature;  ///< whose detector reads too, as it is without a calibration
};

struct DrawnPicture {
    generators::SampleRequest request;  ///< that it was drawn for
    std::uint64_t number = 0;
    LoadedImagePtr image;

    /// "7-000003.png", as `signet generate` writes it.
    std::string fileName() const { return generators::pictureFileName(request, number); }
};

/// How far a diffusion is with the pictures that come next.
struct DrawStep {
    std::uint64_t done = 0, total = 0;  ///< total 0: it is not known
};

/// What is said of a drawn picture.
struct DrawnReading {
    std::uint64_t number = 0;
    std::vector<examine::Finding> findings;  ///< of the models that examine
    std::optional<examine::Finding> own;     ///< of the signature's detector
};

struct DrawEnd {
    std::string problem;  ///< why not all was drawn; empty: it was
    std::string unread;   ///< why not all was read; empty: it was, or nothing was to be
};

/// Pictures of one request as one, as they lie beside and below each other.
struct PictureSheet {
    models::Manifest model;  ///< that drew them
    std::vector<DrawnPicture> pictures;
    int columns = 1;
};

struct SavedPictures {
    std::filesystem::path place;  ///< their folder, or the sheet's file
    bool isSheet = false;
    std::vector<std::filesystem::path> files;  ///< that were written
    std::string problem;                       ///< why not all were
};

/// Draws pictures with generators, has them read, and writes them to files, on workers. One generator is
/// kept loaded; one order is carried out at a time, and a newer one takes the place of an older one. Lives
/// on the GUI thread, which it never blocks.
class GeneratorService : public QObject {
    Q_OBJECT
public:
    using News = std::variant<DrawnPicture, DrawStep, DrawnReading, DrawEnd, SavedPictures>;

    /// keys: keyed signatures are looked for with those that are open.
    GeneratorService(std::shared_ptr<EngineHost> host, std::shared_ptr<KeyRing> keys,
                     QObject* parent = nullptr);

    /// drawn follows for each picture as it is there, in order, stepped while a diffusion is at some, then
    /// read for each where something reads them, then ended.
    void draw(const DrawOrder& order);
    /// What was not handed over yet is not, nor is an end.
    void stopDrawing();
    bool isDrawing() const { return m_news.isOpen(m_drawing); }

    /// Writes PNG files of their names into a folder, each with texts that say what drew it; nothing where
    /// one of them is there already. model: that drew them. saved follows.
    void save(const std::filesystem::path& folder, const models::Manifest& model,
              const std::vector<DrawnPicture>& pictures);
    /// Writes them as one PNG file with the same texts, in the place of one that is there. saved follows.
    void saveSheet(const std::filesystem::path& file, const PictureSheet& sheet);
    bool isSaving() const { return m_news.isOpen(m_saving); }

Q_SIGNALS:
    void drawn(const signet::ui::DrawnPicture& picture);
    void stepped(const signet::ui::DrawStep& step);
    void read(const signet::ui::DrawnReading& reading);
    void ended(const signet::ui::DrawEnd& end);
    void saved(const signet::ui::SavedPictures& pictures);

private:
    void announce(const News& news);
    void write(std::function<SavedPictures(const std::stop_token&)> work);

    std::shared_ptr<EngineHost> m_host;
    std::shared_ptr<KeyRing> m_keys;
    std::shared_ptr<KeptModel<generators::GeneratorModel>> m_models =
        std::make_shared<KeptModel<generators::GeneratorModel>>();
    Outbox<News> m_news;
    quint64 m_drawing = 0, m_saving = 0;  ///< the newest request of each kind
    WorkerThread m_writer{"generator-file"};
    WorkerThread m_worker{"generator"};
};

}  // namespace signet::ui
