#pragma once

#include <QAction>
#include <QLabel>
#include <QSpinBox>
#include <QTest>
#include <string>
#include <vector>

#include "core/generators/generator_model.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/pictures.h"
#include "ui/bridge/text.h"
#include "ui/generators/drawn_model.h"
#include "ui/generators/generator_page.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

namespace signet::test {

inline constexpr int kPicturesWithinMs = 60'000;

/// The model of a run of a step or two on grey pictures.
inline models::Manifest modelOfRun(const std::filesystem::path& folder, const char* preset,
                                   std::vector<std::string> options) {
    const QString photos = ui::fromPath(folder / "photos");
    if (!std::filesystem::exists(folder / "photos")) {
        QDir().mkpath(photos);
        for (int i = 0; i < 16; ++i)
            writePicture(photos, QStringLiteral("%1.png").arg(i), 40 + 10 * i, QSize(144, 136));
    }
    options.push_back("data=" + ui::toPath(photos).string());
    options.insert(options.end(), {"batch=2", "steps=1", "bf16=false"});
    const Json whole = training::configure(tasks::all(), preset, options);
    const std::filesystem::path run = folder / (whole.at("name").get<std::string>() + "-run");
    training::runTraining(tasks::all(), {run, whole}, {});
    return models::readManifest(run / "model");
}

inline models::Manifest styleGenerator(const std::filesystem::path& folder, int side) {
    const std::string ofSide = std::to_string(side), width = std::to_string(4 * side);
    return modelOfRun(
        folder, "stylegan2-cats",
        {"name=style" + ofSide, "side=" + ofSide, "latent=8", "style=8", "mappingLayers=1",
         "featureBase=" + width, "featureMost=8", "criticBase=" + width, "criticMost=8", "distanceImages=0"});
}

inline WindowFixture::MakeBackend backendWith(const std::vector<models::Manifest>& added) {
    return [added](const std::filesystem::path&) {
        ui::Backend backend = fakeBackend(std::make_shared<EngineControl>());
        backend.listModels = [list = backend.listModels, added] {
            ui::Catalogue catalogue = list();
            for (const models::Manifest& model : added) {
                ui::ModelEntry& entry = catalogue.models.emplace_back();
                entry.manifest = model;
                entry.card = "# Card of " + model.name;
            }
            return catalogue;
        };
        return backend;
    };
}

/// The window with the Generators page in front and these models installed beside the fake ones.
struct GeneratorsFixture : WindowFixture {
    explicit GeneratorsFixture(const std::vector<models::Manifest>& added = {})
        : WindowFixture(backendWith(added)) {
        window->showPage(QStringLiteral("generators"));
        QTRY_VERIFY(services->catalogue());
    }
    ui::GeneratorPage& page() const { return *window->page<ui::GeneratorPage>(); }
    ui::GeneratorService& service() const { return services->generators(); }
    ui::DrawnModel& drawn() const { return *page().drawn(); }
    QString textOf(const char* label) const { return find<QLabel>(label)->text(); }
    QString notice() const { return find<ui::NoticeBar>("generatorsNotice")->text(); }
    QAction& action(const char* name) const { return *find<QAction>(name); }
    void choose(int row) const { page().list()->selectRow(row); }
    void begin(int seed, int count) const {
        find<QSpinBox>("drawSeed")->setValue(seed);
        find<QSpinBox>("drawCount")->setValue(count);
        action("generatorDrawAction").trigger();
        QVERIFY(service().isDrawing());
    }
    void waitUntilSaved() const { QTRY_VERIFY(!service().isSaving()); }
    void waitUntilDrawn() const { QTRY_VERIFY_WITH_TIMEOUT(!service().isDrawing(), kPicturesWithinMs); }
    std::vector<image::Image> pictures() const {
        std::vector<image::Image> all;
        for (const ui::DrawnPicture& picture : drawn().pictures()) all.push_back(*picture.image->samples);
        return all;
    }
    QString captions() const {
        QStringList all;
        for (int row = 0; row < drawn().rowCount(); ++row)
            all << drawn().index(row).data().toString() << drawn().about(row);
        return all.join(QLatin1Char('\n'));
    }
    QString folderNamed(const char* name) const {
        const QString folder = path(QLatin1String(name));
        QDir().mkpath(folder);
        return folder;
    }
};

}  // namespace signet::test
