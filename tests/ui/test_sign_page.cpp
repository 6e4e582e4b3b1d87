// The Sign page in the real window: preview, code field, signing, verification, cancel; and a round trip
// through the real networks where a model is shipped.
#include <QAbstractItemView>
#include <QAction>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>

#include "core/base/error.h"
#include "core/examine/findings.h"
#include "core/models/model_store.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/inspect/inspect_page.h"
#include "ui/inspect/queue_panel.h"
#include "ui/intake/image_intake.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

using namespace signet;
using test::WindowFixture;
using test::writePicture;
using ui::SignModel;

class TestSignPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void previewFollowsStrengthAndView();
    void codeFieldIsChecked();
    void signsBesideTheOriginalAndNeverReplaces();
    void errorsStayInTheirRow();
    void signedOnesAreMarkedBefore();
    void oneMessageForAMissingFolder();
    void roundTripThroughTheNetworks();
};

namespace {

QString cell(const SignModel* model, int row, int column) {
    return model->index(row, column).data().toString();
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

void TestSignPage::previewFollowsStrengthAndView() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 100, QSize(200, 150))});
    auto* page = fixture.window->page<ui::SignPage>();
    QTRY_COMPARE(page->model()->rowCount(), 1);
    QTRY_COMPARE(page->preview()->psnrText(), QStringLiteral("PSNR 49.0 dB"));
    QCOMPARE(page->preview()->visibleText(), QStringLiteral("visible 2.3"));
    const auto centre = [page] {
        ui::ImageCanvas* canvas = page->preview()->canvas();
        return canvas->grab().toImage().pixelColor(canvas->rect().center()).red();
    };
    QCOMPARE(centre(), 104);
    fixture.find<QAction>("viewOriginalAction")->trigger();
    QCOMPARE(centre(), 100);
    fixture.find<QAction>("viewResidual5Action")->trigger();
    QCOMPARE(centre(), 128 + 5 * 4);
    fixture.find<QAction>("viewResidual10Action")->trigger();
    QCOMPARE(centre(), 128 + 10 * 4);
    fixture.find<QSlider>("signStrength")->setValue(200);
    QTRY_COMPARE(page->preview()->psnrText(), QStringLiteral("PSNR 48.0 dB"));
    QCOMPARE(centre(), 128 + 10 * 8);
}

void TestSignPage::codeFieldIsChecked() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    auto* settings = fixture.window->page<ui::SignPage>()->settings();
    settings->selectModel(QStringLiteral("fake-code32"));
    QVERIFY(settings->problem().isEmpty());
    settings->setCode(QStringLiteral("xyz"));
    QVERIFY(settings->problem().contains(QStringLiteral("Not a code of 32 bits")));
    settings->setCode(QStringLiteral("00000000"));
    QVERIFY(settings->problem().contains(QStringLiteral("0 stands for unsigned")));
    fixture.find<QToolButton>("randomCodeButton")->click();
    QVERIFY(settings->problem().isEmpty());
    QCOMPARE(fixture.find<QLineEdit>("signCode")->text().size(), 8);
    settings->selectModel(QStringLiteral("fake-presence"));
    QVERIFY(!fixture.find<QLineEdit>("signCode")->isVisible());
    QVERIFY(settings->options().codeHex.empty());
}

void TestSignPage::signsBesideTheOriginalAndNeverReplaces() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    const QString original = writePicture(fixture.folder.path(), QStringLiteral("p.png"), 90);
    const QByteArray before = contentOf(original);
    fixture.drop({original});
    auto* page = fixture.window->page<ui::SignPage>();
    QTRY_COMPARE(page->model()->rowCount(), 1);
    QTRY_VERIFY(fixture.find<QAction>("signAction")->isEnabled());
    QCOMPARE(fixture.find<QPushButton>("signButton")->accessibleName(), QStringLiteral("Sign 1 image"));
    fixture.find<QAction>("signAction")->trigger();
    QTRY_COMPARE(cell(page->model(), 0, SignModel::VerificationColumn), QStringLiteral("verified"));
    const QString first = fixture.path(QStringLiteral("p-signed.png"));
    QCOMPARE(cell(page->model(), 0, SignModel::OutputColumn), first);
    const QByteArray signedBytes = contentOf(first);
    QVERIFY(!signedBytes.isEmpty());
    QTRY_VERIFY(fixture.find<QAction>("signAction")->isEnabled());
    // a second click asks: nothing is written until it is answered
    fixture.find<QAction>("signAction")->trigger();
    auto* notice = fixture.find<ui::NoticeBar>("signNotice");
    QVERIFY2(notice->text().contains(QStringLiteral("signed already")), qPrintable(notice->text()));
    QVERIFY(fixture.services->sign().isIdle());
    QVERIFY(!QFile::exists(fixture.path(QStringLiteral("p-signed-2.png"))));
    // what was added since is signed alone
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("q.png"), 91)});
    QTRY_COMPARE(fixture.find<QPushButton>("signButton")->accessibleName(), QStringLiteral("Sign 1 image"));
    fixture.find<QAction>("signAction")->trigger();
    QTRY_COMPARE(cell(page->model(), 1, SignModel::VerificationColumn), QStringLiteral("verified"));
    QVERIFY(notice->text().startsWith(QStringLiteral("1 image left out")));
    QVERIFY(!QFile::exists(fixture.path(QStringLiteral("p-signed-2.png"))));
    QTRY_VERIFY(fixture.services->sign().isIdle());
    fixture.find<QAction>("signAgainAction")->trigger();
    QVERIFY(notice->text().isEmpty());
    QTRY_COMPARE(cell(page->model(), 0, SignModel::OutputColumn),
                 fixture.path(QStringLiteral("p-signed-2.png")));
    QCOMPARE(contentOf(first), signedBytes);
    QCOMPARE(contentOf(original), before);
}

void TestSignPage::errorsStayInTheirRow() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    const QString good = writePicture(fixture.folder.path(), QStringLiteral("good.png"), 90);
    fixture.drop({fixture.path(QStringLiteral("vanished.png")), good});
    auto* page = fixture.window->page<ui::SignPage>();
    QTRY_COMPARE(page->model()->rowCount(), 2);
    page->signAll();
    QTRY_COMPARE(cell(page->model(), 0, SignModel::VerificationColumn), QStringLiteral("error"));
    QTRY_COMPARE(cell(page->model(), 1, SignModel::VerificationColumn), QStringLiteral("verified"));
    QVERIFY(!cell(page->model(), 0, SignModel::NoteColumn).isEmpty());
}

void TestSignPage::signedOnesAreMarkedBefore() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    auto* page = fixture.window->page<ui::SignPage>();
    page->settings()->selectModel(QStringLiteral("fake-code32"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("signed.png"), 250),
                  writePicture(fixture.folder.path(), QStringLiteral("plain.png"), 20)});
    QTRY_COMPARE(cell(page->model(), 0, SignModel::StateColumn), QStringLiteral("signed already"));
    QCOMPARE(cell(page->model(), 0, SignModel::NoteColumn),
             QStringLiteral("carries a signature already, code 3fa21b90 (unverified)"));
    QTRY_VERIFY(!fixture.services->sign().isLooking());
    QCOMPARE(cell(page->model(), 1, SignModel::StateColumn), QStringLiteral("ready"));
    QCOMPARE(fixture.find<QPushButton>("signButton")->accessibleName(), QStringLiteral("Sign 1 image"));
    QTRY_VERIFY(fixture.find<QLabel>("signSummary")->text().contains(QStringLiteral("1 signed before")));
    fixture.find<QAction>("signAction")->trigger();
    QTRY_COMPARE(cell(page->model(), 1, SignModel::VerificationColumn), QStringLiteral("verified"));
    QVERIFY(!QFile::exists(fixture.path(QStringLiteral("signed-signed.png"))));
    QTRY_VERIFY(fixture.services->sign().isIdle());
    // another model: looked at anew
    page->settings()->selectModel(QStringLiteral("fake-presence"));
    QVERIFY(cell(page->model(), 0, SignModel::NoteColumn).isEmpty());
    QTRY_COMPARE(cell(page->model(), 0, SignModel::NoteColumn),
                 QStringLiteral("carries a signature already"));
}

void TestSignPage::oneMessageForAMissingFolder() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    fixture.window->showPage(QStringLiteral("sign"));
    auto* page = fixture.window->page<ui::SignPage>();
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("a.png"), 20),
                  writePicture(fixture.folder.path(), QStringLiteral("b.png"), 30)});
    QTRY_COMPARE(page->model()->rowCount(), 2);
    page->settings()->setOutputFolder(fixture.path(QStringLiteral("out/below")));
    page->signAll();
    auto* notice = fixture.find<ui::NoticeBar>("signNotice");
    QVERIFY2(notice->text().contains(QStringLiteral("out/below")), qPrintable(notice->text()));
    QVERIFY(fixture.services->sign().isIdle());
    for (int row : {0, 1})
        QCOMPARE(cell(page->model(), row, SignModel::StateColumn), QStringLiteral("ready"));
    fixture.find<QToolButton>("signNoticeRemedyButton")->click();
    QTRY_COMPARE(cell(page->model(), 1, SignModel::VerificationColumn), QStringLiteral("verified"));
    QVERIFY(QFile::exists(fixture.path(QStringLiteral("out/below/a-signed.png"))));
    QVERIFY(notice->text().isEmpty());
}

void TestSignPage::roundTripThroughTheNetworks() {
    QTemporaryDir folder;
    const auto workspace = ui::toPath(folder.path());
    std::string coded;
    try {
        for (const auto& manifest : models::listModels(workspace)) {
            if (manifest.isDefault() && manifest.bits() > 1) coded = manifest.name;
        }
    } catch (const Error&) {
    }
    if (coded.empty()) QSKIP("No default model with a code is shipped yet.");
    const QString sample = QDir(qEnvironmentVariable("SIGNET_SOURCE_DIR"))
                               .filePath(QStringLiteral("resources/samples/astronaut.png"));
    if (!QFile::exists(sample)) QSKIP("The sample photographs are not there.");
    QVERIFY(QFile::copy(sample, folder.filePath(QStringLiteral("photo.png"))));
    ui::ThemeController theme;
    ui::Services services(ui::coreBackend(workspace), workspace);
    ui::MainWindow window(services, theme, folder.filePath(QStringLiteral("settings.ini")));
    window.show();
    services.refreshCatalogue();
    QTRY_VERIFY(services.catalogue());
    window.showPage(QStringLiteral("sign"));
    window.page<ui::SignPage>()->settings()->selectModel(QString::fromStdString(coded));
    window.page<ui::SignPage>()->settings()->setCode(QStringLiteral("1"));
    window.page<ui::SignPage>()->intake()->addPaths({workspace / "photo.png"});
    QTRY_COMPARE(window.page<ui::SignPage>()->model()->rowCount(), 1);
    window.page<ui::SignPage>()->signAll();
    QTRY_VERIFY_WITH_TIMEOUT(window.page<ui::SignPage>()->model()->row(0).record, 120'000);
    const auto record = window.page<ui::SignPage>()->model()->row(0).record;
    QVERIFY2(!record->error, record->error ? record->error->message.c_str() : "");
    QVERIFY(record->verified);
    window.showPage(QStringLiteral("inspect"));
    window.page<ui::InspectPage>()->intake()->addPaths({record->output});
    QTRY_COMPARE(window.page<ui::InspectPage>()->queue()->model()->rowCount(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(window.page<ui::InspectPage>()->queue()->model()->row(0).record, 120'000);
    const auto checked = window.page<ui::InspectPage>()->queue()->model()->row(0).record;
    QVERIFY(!checked->error);
    QVERIFY(examine::leadingFinding(checked->findings)->presence == examine::Presence::Present);
    QVERIFY(examine::leadingFinding(checked->findings)->code);
    QCOMPARE(examine::leadingFinding(checked->findings)->code->hex, record->codeHex);
}

SIGNET_TEST(TestSignPage)
#include "test_sign_page.moc"
