#include "ui/shell/screenshot_tour.h"

#include <QAction>
#include <QApplication>
#include <QListView>
#include <QSpinBox>
#include <QTableView>

#include "core/base/file_io.h"
#include "core/base/platform.h"
#include "core/base/random.h"
#include "core/base/text.h"
#include "core/examine/findings.h"
#include "core/experiments/run.h"
#include "core/image/find_images.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/fingerprints/fingerprint_page.h"
#include "ui/generators/drawn_model.h"
#include "ui/generators/generator_page.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/intake/image_intake.h"
#include "ui/roc/measure_panel.h"
#include "ui/roc/roc_page.h"
#include "ui/shell/main_window.h"
#include "ui/sign/sign_page.h"
#include "ui/style/copy_table_view.h"
#include "ui/training/new_run_panel.h"
#include "ui/training/training_page.h"

namespace fs = std::filesystem;

/// What the tour fills the pages with.
namespace signet::ui {
namespace {

constexpr int kDrawn = 8;
constexpr const char* kFingerprintModel = "example-fingerprints";

/// A run on the sample photographs that is over in seconds.
Json smallestRun(int seed) {
    Json options = training::configure(
        tasks::all(), "presence",
        {"name=demo", "network.workSide=32", "network.injectorWidths=[8,8,8]",
         "network.detectorWidths=[8,8,16]", "batch=4", "steps=300", "sampleEvery=50", "validateEvery=50",
         "validationImages=4", "validationNegatives=16", "logEvery=2", "keepEvery=100",
         "hardShare=" + std::to_string(0.25 * seed), "seed=" + std::to_string(seed)});
    options["data"] = (dataFolder() / "resources/samples").string();
    return options;
}

/// Models with random weights, which draw something all the same: a generator and a fingerprinting one.
void writeUntrainedModels(const fs::path& folder) {
    const auto write = [&](const char* preset, const std::string& name, std::vector<std::string> options) {
        options.push_back("name=" + name);
        training::writeUntrained(tasks::all(), training::configure(tasks::all(), preset, options),
                                 folder / name);
    };
    write("stylegan2-cats", "example-generator",
          {"side=128", "latent=32", "style=32", "mappingLayers=2", "featureBase=1024", "featureMost=32",
           "criticBase=512", "criticMost=8"});
    write("fingerprint-cats", kFingerprintModel,
          {"side=64", "bits=64", "latent=32", "style=64", "featureBase=512", "featureMost=32",
           "decoderBase=512", "decoderMost=32"});
}

/// Scores of two made-up detectors, 1,200 images each.
std::string exampleScores() {
    StepRandom random(1, 1, 1);
    std::vector<metrics::ScoreLine> lines;
    for (int i = 0; i < 2400; ++i) {
        const bool strong = i % 4 < 2;
        const double shift = i % 2 == 0 ? 0 : strong ? 3.4 : 1.9;
        lines.push_back({random.normal() + shift,
                         i % 2,
                         strong ? "example A, whole images" : "example B, cropped to a quarter",
                         {}});
    }
    return metrics::scoreCsv(lines);
}

/// Samples with and without a signature, each kind in a folder of its own.
void divideSamples(const std::filesystem::path& folder) {
    for (const char* kind : {"signed", "unsigned"}) std::filesystem::create_directories(folder / kind);
    for (const auto& file : image::findImages({dataFolder() / "resources/samples"}, {}).files) {
        const std::string name = file.filename().string();
        if (name.find("attacked") != std::string::npos) continue;
        const bool isSigned = name.find("signed") != std::string::npos;
        std::filesystem::copy_file(file, folder / (isSigned ? "signed" : "unsigned") / file.filename(),
                                   std::filesystem::copy_options::overwrite_existing);
    }
}

/// Made-up instances of a fingerprinting model, as a table of a registry.
std::string exampleInstances(const models::Manifest& model) {
    const std::pair<const char*, const char*> holders[] = {
        {"Studio North", "press pictures"},
        {"Nörd & Co", ""},
        {"Institute for Image Research", "contract 2026-7"},
        {"A. Turing", "until the end of the year"}};
    std::string text = "code,bits,model,model_sha256,holder,generator_sha256,issued_utc,status,notes\n";
    StepRandom random(1, 2, 3);
    int day = 10;
    for (const auto& [holder, note] : holders) {
        ++day;
        text += hexFromBits(drawnBits(model.bits(), [&random] { return random.bits(); })) + "," +
                std::to_string(model.bits()) + "," + model.name + "," + model.weightsSha256 + "," + holder +
                "," + std::string(64, 'b') + ",2026-05-" + std::to_string(day) + "T10:00:00.000Z," +
                (day == 13 ? "revoked" : "active") + "," + note + "\n";
    }
    return text;
}

/// Made-up results of two rows of an experiment.
std::string exampleResults() {
    const auto row = [](const char* name, double accuracy, const Json& paper) {
        return experiments::Row{
            "B.T1",
            name,
            paper,
            {{"bit_accuracy", accuracy}, {"bit_accuracy_ci95", {accuracy - 0.003, accuracy + 0.003}}},
            {{"preset", "cpu"},
             {"seed", 1},
             {"models", {{{"task", "fingerprint"}, {"side", 32}, {"bits", 64}, {"steps", 12000}}}},
             {"training_seconds", 14000.0}},
            61}
            .toJson();
    };
    const Json rows = {row("fingerprinting", 0.981, {{"bit_accuracy", 0.991}, {"fid", 11.50}}),
                       row("variant II", 0.972, {{"bit_accuracy", 0.987}, {"fid", 13.86}})};
    return Json{{"id", "B.T1"}, {"rows", rows}}.dump();
}

}  // namespace

void ScreenshotTour::prepare() {
    QueuePanel* queue = m_window.page<InspectPage>()->queue();
    for (int row = queue->model()->rowCount() - 1; row >= 0; --row) {
        const auto& record = queue->model()->row(row).record;
        if (record && !record->conflicts.empty()) m_conflictRow = row;
        const examine::Finding* finding = record ? examine::leadingFinding(record->findings) : nullptr;
        if (!finding || finding->presence != examine::Presence::Present) continue;
        if (finding->code && record->conflicts.empty()) m_bestRow = row;
    }
    m_window.page<InspectPage>()->showRow(m_bestRow);
    m_window.showPage(QStringLiteral("sign"));
    m_window.page<SignPage>()->intake()->addSamples();
    m_window.page<TrainingPage>()->newRun()->setDataFolder(fromPath(dataFolder() / "resources/samples"));
    for (const int seed : {1, 2}) m_services.training().create(smallestRun(seed));
    writeUntrainedModels(m_folder / "workspace" / "models");
    m_services.refreshCatalogue();
}

bool ScreenshotTour::prepareCase() {
    CaseService& cases = m_services.cases();
    CaseView* view = m_window.page<CasePage>()->view();
    const ExhibitModel* model = view->model();
    if (cases.location().empty()) {
        cases.setExaminer("A. Turing");
        cases::CaseInfo info;
        info.title = "Photographs of May";
        info.number = "2026-17";
        info.examiner = cases.examiner();
        info.organisation = "Laboratory";
        cases.create((m_folder / "workspace" / "demo.case").string(), info);
    } else if (model->rowCount() == 0) {
        // beside the samples one of a name that fits nowhere
        const fs::path longName =
            m_folder / "workspace" /
            "2026-05-17 photograph of the square, third print, scanned at 600 dpi, corrected.jpg";
        std::error_code ignored;
        fs::copy_file(dataFolder() / "resources/samples/coffee-signed.jpg", longName, ignored);
        m_window.page<CasePage>()->takeFiles({dataFolder() / "resources/samples", longName});
    } else if (model->count(cases::WorkState::Waiting) > 0) {
        cases.examine();
    } else if (model->tags().empty()) {
        cases.setTag({0, "relevant", "1"}, {1, 2}, true);
        cases::Finding finding;
        finding.exhibit = 1;
        finding.status = cases::FindingStatus::ToBeChecked;
        finding.comment = "The code is that of another print of the same photograph.";
        finding.region = Json::array({120, 40, 200, 160});
        finding.params = {{"models", {"photo-code32", "photo-presence"}}, {"tiles", false}};
        cases.saveFinding(finding);
        cases.issueReport({}, m_folder / "workspace" / "report-2026-17-v1.pdf");
    } else {
        view->select(1);
        return ++m_turns > 2 * kTurnsToRead;
    }
    return false;
}

bool ScreenshotTour::prepareRoc() {
    RocPage* page = m_window.page<RocPage>();
    const std::filesystem::path folder = m_folder / "workspace" / "roc";
    if (page->model()->rowCount() == 0) {
        divideSamples(folder);
        writeFileAtomically(folder / "example.csv", exampleScores(), IfExists::Replace);
        page->openFile(folder / "example.csv");
    } else if (page->model()->rowCount() == 2) {
        page->measurePanel()->setFolders(fromPath(folder / "signed"), fromPath(folder / "unsigned"));
        page->showMeasurePanel(true);
        Q_EMIT page->measurePanel()->startWanted();
    } else {
        page->table()->selectRow(0);
        return true;
    }
    return false;
}

bool ScreenshotTour::prepareGenerators() {
    const GeneratorService& service = m_services.generators();
    const GeneratorPage* page = m_window.page<GeneratorPage>();
    if (service.isDrawing()) return false;
    if (page->drawn()->rowCount() == 0) {
        page->findChild<QSpinBox*>(QStringLiteral("drawCount"))->setValue(kDrawn);
        page->findChild<QAction*>(QStringLiteral("generatorDrawAction"))->trigger();
        return false;
    }
    page->findChild<QListView*>(QStringLiteral("generatorGrid"))->setCurrentIndex(page->drawn()->index(0));
    return true;
}

void ScreenshotTour::prepareFingerprints() {
    const fs::path instances = m_folder / "workspace" / "instances.csv";
    const fs::path samples = dataFolder() / "resources/samples";
    if (const ModelEntry* model = m_services.model(kFingerprintModel))
        writeFileAtomically(instances, exampleInstances(model->manifest), IfExists::Replace);
    m_services.fingerprints().importFrom(instances);
    settleFingerprints();
    m_window.page<FingerprintPage>()->takeFiles({samples / "astronaut.png", samples / "coffee-signed.jpg"});
    while (!m_services.media().isIdle()) QApplication::processEvents();
    settleFingerprints();
}

void ScreenshotTour::prepareExperiments() {
    const fs::path results = m_folder / "workspace" / "experiments" / "cpu" / "results";
    fs::create_directories(results);
    writeFileAtomically(results / "B.T1.json", exampleResults(), IfExists::Replace);
}

}  // namespace signet::ui
