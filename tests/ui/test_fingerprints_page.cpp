// The Fingerprints page over a small real model: the registry shown and searched, issuing and revoking, whose
// instance drew a picture, residuals, the calculator, and what cannot be opened.
#include <fmt/format.h>

#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include "core/base/file_io.h"
#include "core/fingerprint/residual.h"
#include "core/image/decode.h"
#include "core/image/encode.h"
#include "core/metrics/binomial.h"
#include "core/registry/issue.h"
#include "core/report/report_text.h"
#include "core/tasks/all_tasks.h"
#include "core/training/train.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/fingerprints/fingerprint_page.h"
#include "ui/fingerprints/fingerprint_text.h"
#include "ui/fingerprints/identify_panel.h"
#include "ui/fingerprints/registry_panel.h"
#include "ui/fingerprints/residual_panel.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/registry_model.h"
#include "ui/page/bit_grid.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
namespace fs = std::filesystem;

namespace {

constexpr int kFingerprintBits = 64;
constexpr int kDrawnWithinMs = 60'000;

/// A model that has learnt next to nothing: its own pictures are not recognised, but all else is as with one
/// that has.
models::Manifest trainedModel(const fs::path& folder) {
    const QString photos = ui::fromPath(folder / "photos");
    QDir().mkpath(photos);
    for (int i = 0; i < 16; ++i)
        test::writePicture(photos, QStringLiteral("%1.png").arg(i), 40 + 10 * i, QSize(80, 72));
    const Json options =
        training::configure(tasks::all(), "fingerprint-cats",
                            {"data=" + ui::toPath(photos).string(), "name=cats", "side=8",
                             "bits=" + std::to_string(kFingerprintBits), "latent=8", "style=8",
                             "featureBase=64", "featureMost=8", "decoderBase=64", "decoderMost=8", "batch=2",
                             "steps=1", "validationImages=8", "distanceImages=0", "bf16=false"});
    training::runTraining(tasks::all(), {folder / "run", options}, {});
    return models::readManifest(folder / "run" / "model");
}

WindowFixture::MakeBackend backendOf(const models::Manifest* model) {
    return [model](const fs::path&) {
        ui::Backend backend = test::fakeBackend(std::make_shared<test::EngineControl>());
        backend.listModels = [list = backend.listModels, model] {
            ui::Catalogue catalogue = list();
            if (model != nullptr) {
                ui::ModelEntry entry;
                entry.manifest = *model;
                catalogue.models.push_back(entry);
            }
            return catalogue;
        };
        return backend;
    };
}

/// The window with the Fingerprints page in front, with that model installed; null: with none.
struct FingerprintsFixture : WindowFixture {
    explicit FingerprintsFixture(const models::Manifest* model = nullptr) : WindowFixture(backendOf(model)) {
        window->showPage(QStringLiteral("fingerprints"));
        QTRY_VERIFY(services->catalogue() && !service().isReading());
    }
    ui::FingerprintPage& page() const { return *window->page<ui::FingerprintPage>(); }
    ui::FingerprintService& service() const { return services->fingerprints(); }
    ui::RegistryModel& table() const { return *page().registryPanel()->model(); }
    ui::IdentifiedModel& pictures() const { return *page().identification()->model(); }
    QString textOf(const char* label) const { return find<QLabel>(label)->text(); }
    QString notice() const { return find<ui::NoticeBar>("fingerprintsNotice")->text(); }
    void trigger(const char* action) const { find<QAction>(action)->trigger(); }
    QString cell(const QAbstractItemModel& model, int row, int column) const {
        return model.index(row, column).data().toString();
    }
    std::string registryFile() const {
        return registry::InstanceRegistry::fileIn(services->workspace()).string();
    }
    registry::InstanceRegistry openRegistry() const {
        registry::RegistryOptions options;
        options.actor = "Ada";
        return {registryFile(), options};
    }
    /// The n-th instance of a model that is not installed.
    void registerInstance(registry::InstanceRegistry& into, int n, const char* holder,
                          const char* note) const {
        registry::Instance instance;
        instance.codeHex = fmt::format("{:016x}", n + 1);
        instance.bits = kFingerprintBits;
        instance.model = n == 2 ? "dogs" : "cats";
        instance.modelSha256 = std::string(64, n == 2 ? 'd' : 'c');
        instance.holder = holder;
        instance.notes = note;
        into.add(instance);
    }
    void registerThree() const {
        registry::InstanceRegistry registry = openRegistry();
        registerInstance(registry, 0, "Studio North", "press pictures");
        registerInstance(registry, 1, "Nörd & Co", "");
        registerInstance(registry, 2, "South", "press, too");
        registry.revoke(2, "handed on");
    }
    void answer(QDialog* dialog, const char* field, const QString& text) const {
        dialog->findChild<QLineEdit*>(QLatin1String(field))->setText(text);
        dialog->findChild<QPushButton*>(QStringLiteral("requestDialogOk"))->click();
    }
};

}  // namespace

class TestFingerprintsPage : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    models::Manifest m_model;

    /// An instance of the model, registered in the fixture's workspace, and a picture that it draws.
    QString drawnPicture(const FingerprintsFixture& f) const {
        fingerprint::FingerprintModel model(m_model, "cpu", 1);
        registry::InstanceRegistry registry = f.openRegistry();
        registry::IssueRequest request;
        request.holder = "Studio North";
        request.folder = ui::toPath(f.path(QStringLiteral("north")));
        registry::issue(model, registry, request);
        generators::GeneratorModel instance(models::readManifest(request.folder), "cpu", 1);
        QString file = f.path(QStringLiteral("drawn.png"));
        instance.sample({}, {}, [&](std::uint64_t, const image::Image& picture) {
            writeFileAtomically(ui::toPath(file), image::encode(picture, {}), IfExists::Refuse);
        });
        return file;
    }

private Q_SLOTS:
    void initTestCase() { m_model = trainedModel(ui::toPath(m_folder.path())); }

    void withoutAModelItSaysWhatToDo() {
        FingerprintsFixture f;
        QVERIFY(f.find<QLabel>("registryNoModelTitle")->isVisible());
        QVERIFY(f.textOf("registryNoModelText").contains(QStringLiteral("Train one")));
        QVERIFY(!f.find<QAction>("registryIssueAction")->isEnabled());
        QVERIFY(!f.find<QAction>("residualDrawAction")->isEnabled());
        QVERIFY(f.notice().isEmpty());
        f.drop({test::writePicture(f.folder.path(), QStringLiteral("p.png"), 9)});
        QVERIFY(f.notice().contains(QStringLiteral("none is installed")));
        QTest::mouseClick(f.find<QPushButton>("registryNoModelregistryTrainButton"), Qt::LeftButton);
        QCOMPARE(f.window->shownPage(), QStringLiteral("training"));
    }

    void withoutInstancesItSaysWhatToDo() {
        FingerprintsFixture f(&m_model);
        QVERIFY(f.find<QLabel>("registryNoneTitle")->isVisible());
        QVERIFY(f.find<QPushButton>("registryNoneregistryIssueButton")->isEnabled());
        QVERIFY(!f.find<QAction>("registryExportAction")->isEnabled());
        QVERIFY(!fs::exists(f.registryFile()));  // looking makes none
    }

    void theRegistryIsShownSearchedAndFiltered() {
        FingerprintsFixture f(&m_model);
        f.registerThree();
        f.page().openRegistry({});
        QTRY_COMPARE(f.table().rowCount(), 3);
        using Table = ui::RegistryModel;
        QCOMPARE(f.cell(f.table(), 1, Table::NumberColumn), QStringLiteral("2"));
        QCOMPARE(f.cell(f.table(), 1, Table::HolderColumn), QStringLiteral("Nörd & Co"));
        QCOMPARE(f.cell(f.table(), 1, Table::StatusColumn), QStringLiteral("revoked"));
        QCOMPARE(f.cell(f.table(), 2, Table::ModelColumn), QStringLiteral("dogs"));
        QVERIFY(f.textOf("registryLocation").contains(QStringLiteral("registry.db")) ||
                f.find<QLabel>("registryLocation")->toolTip().contains(QStringLiteral("registry.db")));

        // the code stands in no column, but in the details
        for (int column = 0; column < Table::ColumnCount; ++column)
            QVERIFY(!f.cell(f.table(), 1, column).contains(QStringLiteral("00002")));
        f.page().registryPanel()->table()->selectRow(1);
        auto* code = f.find<QLineEdit>("registryCode");
        QVERIFY(!code->isVisible());
        f.find<QToolButton>("registryDetailsButton")->click();
        QVERIFY(code->isVisible());
        QCOMPARE(code->text(), QStringLiteral("0000000000000002"));

        auto* search = f.find<QLineEdit>("registrySearch");
        const std::pair<const char*, int> wanted[] = {
            {"nörd", 1}, {"PRESS", 2}, {"00003", 1}, {"dogs", 1}, {"nobody", 0}};
        for (const auto& [text, rows] : wanted) {
            search->setText(QString::fromUtf8(text));
            QTRY_COMPARE(f.table().rowCount(), rows);
        }
        search->clear();
        QTRY_COMPARE(f.table().rowCount(), 3);
        f.find<QComboBox>("registryStatus")->setCurrentIndex(1);
        QTRY_COMPARE(f.table().rowCount(), 2);
        f.find<QComboBox>("registryModels")->setCurrentText(QStringLiteral("dogs"));
        QTRY_COMPARE(f.table().rowCount(), 1);
        QVERIFY(f.textOf("registryCount").startsWith(QStringLiteral("1 of 3")));
    }

    void whatCannotBeOpenedIsSaid() {
        FingerprintsFixture f(&m_model);
        f.registerThree();
        f.page().openRegistry({});
        QTRY_COMPARE(f.table().rowCount(), 3);
        const fs::path broken = ui::toPath(f.path(QStringLiteral("broken.db")));
        writeFileAtomically(broken, std::string(5000, 'x'), IfExists::Refuse);
        f.page().openRegistry(broken.string());
        QTRY_VERIFY2(f.notice().contains(QStringLiteral("could not be opened")), qPrintable(f.notice()));
        QVERIFY(f.notice().contains(QStringLiteral("Choose another")));
        QCOMPARE(f.table().rowCount(), 0);
        QVERIFY(!f.find<QAction>("registryIssueAction")->isEnabled());
        f.page().openRegistry(f.path(QStringLiteral("nowhere.db")).toStdString());
        QTRY_VERIFY(f.notice().contains(QStringLiteral("There is no registry")));
        f.page().openRegistry({});
        QTRY_COMPARE(f.table().rowCount(), 3);
        QVERIFY(f.notice().isEmpty());
    }

    void anInstanceIsIssuedAndRevoked() {
        FingerprintsFixture f(&m_model);
        f.trigger("registryIssueAction");
        QPointer<QDialog> dialog = f.find<QDialog>("issueDialog");
        QVERIFY(dialog);
        f.answer(dialog, "issueHolder", QString());
        QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("requestDialogProblem"))
                    ->text()
                    .contains(QStringLiteral("to whom")));
        f.answer(dialog, "issueHolder", QStringLiteral("Studio Nörd"));
        QTRY_COMPARE_WITH_TIMEOUT(f.table().rowCount(), 1, kDrawnWithinMs);
        QTRY_VERIFY(!dialog);
        QVERIFY(f.notice().startsWith(QStringLiteral("Instance 1 was issued to Studio Nörd")));
        const fs::path folder = f.services->workspace() / "instances" / "studio-nörd";
        QVERIFY(fs::exists(folder / "manifest.json"));
        QCOMPARE(f.openRegistry().find(1).holder, std::string("Studio Nörd"));

        f.page().registryPanel()->table()->selectRow(0);
        f.trigger("registryRevokeAction");
        dialog = f.find<QDialog>("revokeDialog");
        QVERIFY(dialog);
        f.answer(dialog, "revokeReason", QStringLiteral("handed on"));
        QTRY_COMPARE(f.cell(f.table(), 0, ui::RegistryModel::StatusColumn), QStringLiteral("revoked"));
        QTRY_VERIFY(!f.find<QAction>("registryRevokeAction")->isEnabled());
        QCOMPARE(f.openRegistry().find(1).reason, std::string("handed on"));
    }

    void theRegistryIsExportedAndImported() {
        FingerprintsFixture f;
        f.registerThree();
        f.page().openRegistry({});
        QTRY_VERIFY(f.find<QAction>("registryExportAction")->isEnabled());
        const QString file = f.path(QStringLiteral("out.csv"));
        ui::FileDialogs::setNextFileNames({file});
        f.trigger("registryExportAction");
        QTRY_VERIFY2(f.notice().startsWith(QStringLiteral("3 instances were written")),
                     qPrintable(f.notice()));
        f.page().openRegistry(f.path(QStringLiteral("other.db")).toStdString());
        QTRY_VERIFY(f.notice().contains(QStringLiteral("There is no registry")));
        for (const int left : {0, 3}) {  // a second time all rows are there already
            ui::FileDialogs::setNextFileNames({file});
            f.trigger("registryImportAction");
            QTRY_VERIFY2(f.notice().contains(left == 0 ? QStringLiteral("3 instances were imported.")
                                                       : QStringLiteral("3 rows were left out")),
                         qPrintable(f.notice()));
            QTRY_COMPARE(f.table().rowCount(), 3);
        }
    }

    /// The page says what the search for the code says.
    void picturesAreLookedFor() {
        FingerprintsFixture f(&m_model);
        const QString file = drawnPicture(f);
        f.page().openRegistry({});
        QTRY_COMPARE(f.table().rowCount(), 1);
        f.drop({file, test::writePicture(f.folder.path(), QStringLiteral("grey.png"), 90)});
        QTRY_COMPARE(f.pictures().rowCount(), 2);
        const auto isAnswered = [&] { return f.pictures().waiting() == 0; };
        QTRY_VERIFY_WITH_TIMEOUT(isAnswered(), kDrawnWithinMs);
        int row = f.pictures().path(0) == ui::toPath(file) ? 0 : 1;

        fingerprint::FingerprintModel model(m_model, "cpu", 1);
        const auto logits = model.decode(image::decode(readFile(ui::toPath(file))).image);
        registry::InstanceRegistry registry = f.openRegistry();
        const auto expected =
            registry::Identifier(registry, m_model.weightsSha256, kFingerprintBits, {}).identify(logits);
        const ui::IdentifiedPtr found = f.pictures().picture(row);
        QVERIFY2(found->problem.empty(), found->problem.c_str());
        QCOMPARE(found->found.decodedHex, expected.decodedHex);
        QCOMPARE(found->found.accepted, expected.accepted);
        QCOMPARE(found->found.nearest->matched, expected.nearest->matched);
        QCOMPARE(found->found.nearest->log10PCorrected, expected.nearest->log10PCorrected);
        using Table = ui::IdentifiedModel;
        QCOMPARE(f.cell(f.pictures(), row, Table::MatchedColumn),
                 QStringLiteral("%1 of 64").arg(expected.nearest->matched));
        QCOMPARE(f.cell(f.pictures(), row, Table::HolderColumn).isEmpty(), !expected.accepted);

        // an instance of the very code that was read
        registry::Instance read;
        read.codeHex = expected.decodedHex;
        read.bits = kFingerprintBits;
        read.model = m_model.name;
        read.modelSha256 = m_model.weightsSha256;
        read.holder = "Nörd & Co";
        QVERIFY(registry.add(read));
        f.trigger("identifyAgainAction");
        QTRY_VERIFY_WITH_TIMEOUT(isAnswered(), kDrawnWithinMs);
        QCOMPARE(f.cell(f.pictures(), row, Table::AnswerColumn), QStringLiteral("instance 2"));
        QCOMPARE(f.cell(f.pictures(), row, Table::HolderColumn), QStringLiteral("Nörd & Co"));
        f.page().identification()->table()->selectRow(row);
        QVERIFY(f.page().identification()->grid()->isVisible());
        QVERIFY(f.page().identification()->grid()->accessibleName().contains(
            QStringLiteral("0 of 64 differ from the registered code")));
        QVERIFY(f.textOf("identifyExplanation").contains(QStringLiteral("issued to Nörd & Co")));

        registry.revoke(2, "handed on");
        f.trigger("identifyAgainAction");
        QTRY_VERIFY_WITH_TIMEOUT(isAnswered(), kDrawnWithinMs);
        QCOMPARE(f.cell(f.pictures(), row, Table::AnswerColumn), QStringLiteral("instance 2, revoked"));
        QVERIFY(f.textOf("identifyExplanation").contains(QStringLiteral("handed on")));

        f.trigger("identifyToCaseAction");
        QCOMPARE(f.window->shownPage(), QStringLiteral("cases"));  // which asks for a case
    }

    void whatIsNoPictureIsSaid() {
        FingerprintsFixture f(&m_model);
        drawnPicture(f);
        const fs::path broken = ui::toPath(f.path(QStringLiteral("broken.png")));
        writeFileAtomically(broken, std::string("\x89PNG\r\n\x1a\n no more"), IfExists::Refuse);
        f.page().openRegistry({});
        f.service().identify(m_model, {broken});
        f.pictures().add({broken});
        QTRY_COMPARE_WITH_TIMEOUT(f.pictures().waiting(), 0, kDrawnWithinMs);
        QVERIFY(!f.pictures().picture(0)->problem.empty());
    }

    void fingerprintsSlide() {
        FingerprintsFixture f(&m_model);
        auto* panel = f.page().residual();
        f.trigger("residualDrawAction");
        QVERIFY(panel->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(panel->pictures(), kDrawnWithinMs);
        const ui::ResidualPicturesPtr all = panel->pictures();
        QCOMPARE(all->exchanged, kFingerprintBits);
        QVERIFY(all->codeA != all->codeB);
        const auto residual = fingerprint::magnifiedResidual(*all->first->samples, *all->second->samples, 5);
        QVERIFY(residual.data == all->residual->samples->data);
        panel->slider()->setValue(0);
        panel->slider()->setValue(20);
        panel->slider()->setValue(0);
        QTRY_COMPARE_WITH_TIMEOUT(panel->pictures()->exchanged, 0, kDrawnWithinMs);
        QCOMPARE(panel->pictures()->codeA, all->codeA);
        QVERIFY(panel->pictures()->first->samples->data == panel->pictures()->second->samples->data);
        QVERIFY(panel->pictures()->first->samples->data == all->first->samples->data);
        QTRY_VERIFY(!f.service().isDrawing());

        // of instances: two of the model must be selected
        f.find<QComboBox>("residualSource")->setCurrentIndex(1);
        QVERIFY(!f.find<QAction>("residualDrawAction")->isEnabled());
        QVERIFY(f.textOf("residualNote").contains(QStringLiteral("Select two")));
    }

    void theCalculatorSaysWhatCoreSays() {
        FingerprintsFixture f(&m_model);
        f.page().showTab(ui::FingerprintPage::Calculator);
        f.find<QSpinBox>("calculatorBits")->setValue(128);
        f.find<QSpinBox>("calculatorMatched")->setValue(103);
        f.find<QSpinBox>("calculatorInstances")->setValue(1'000'000);
        f.find<QSpinBox>("calculatorLevel")->setValue(6);
        const double log10P = metrics::log10BinomialTail(128, 103);
        const auto isSaid = [&](const char* label, double value) {
            return f.textOf(label).startsWith(ui::toText(report::probability(value)));
        };
        QVERIFY2(isSaid("calculatorSingle", log10P), qPrintable(f.textOf("calculatorSingle")));
        QVERIFY2(isSaid("calculatorCorrected", metrics::correctedLog10P(log10P, 1e6)),
                 qPrintable(f.textOf("calculatorCorrected")));
        QCOMPARE(f.textOf("calculatorNeeded"),
                 QStringLiteral("%1 of 128").arg(registry::neededBits(128, 1'000'000, {})));
        QVERIFY(f.textOf("calculatorCapacity")
                    .contains(
                        QStringLiteral("about %1 of 128").arg(*metrics::matchThreshold(128, 0.5, 1e6) - 1)));
        f.find<QSpinBox>("calculatorBits")->setValue(12);
        QCOMPARE(f.find<QSpinBox>("calculatorMatched")->value(), 12);
        QVERIFY(f.textOf("calculatorNeeded").contains(QStringLiteral("too few")));
        f.find<QToolButton>("calculatorTake")->click();
        QCOMPARE(f.find<QSpinBox>("calculatorBits")->value(), kFingerprintBits);
    }

    void closingWhileItWorksIsSafe() {
        FingerprintsFixture f(&m_model);
        ui::IssueOrder order;
        order.model = m_model;
        order.holder = "Studio North";
        order.parent = ui::toPath(f.path(QStringLiteral("issued")));
        f.service().issue(order);
        f.trigger("residualDrawAction");
        f.window->close();
        QTRY_VERIFY_WITH_TIMEOUT(!f.window->isVisible(), kDrawnWithinMs);
        QVERIFY(!f.service().isChanging());
        // what had begun is whole, and what had not is not begun
        QCOMPARE(f.openRegistry().count(), fs::exists(order.parent / "studio-north") ? 1 : 0);
    }
};

SIGNET_TEST(TestFingerprintsPage)
#include "test_fingerprints_page.moc"
