// Keys in the real window: which are open for examining and signing, unlocking, making, what a folder that
// changes does, and what is shown of a signature that was written with one.
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QTableView>
#include <QToolButton>

#include "case_fixture.h"
#include "core/examine/claim.h"
#include "core/signature/key_store.h"
#include "queue_fixture.h"
#include "tests/support/case_builder.h"
#include "tests/support/test_program.h"
#include "ui/bridge/text.h"
#include "ui/page/finding_card.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_preview_panel.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/elided_label.h"
#include "ui/viewer/viewer_panel.h"

using namespace signet;
using test::modelOf;
using test::waitForAll;
using test::WindowFixture;
using test::writePicture;

namespace {

const QString kPassphrase = QStringLiteral("correct horse battery");
constexpr int kUnlockMs = 30'000;  // scrypt, on a machine that does other things

signature::KeyStore storeOf(const WindowFixture& fixture) {
    return signature::KeyStore(fixture.services->workspace());
}

/// With a keyed model installed, and the folder of keys read. Base: WindowFixture, CaseFixture.
template <class Base>
class Keyed : public Base {
public:
    Keyed() {
        this->control->keyedModel = true;
        this->services->refreshCatalogue();
        QTRY_VERIFY(this->services->hasKeyedModel() && this->services->keys().isIdle());
    }
    void readKeys() {
        this->services->keys().reload();
        QTRY_VERIFY(this->services->keys().isIdle());
    }
};
using KeyedFixture = Keyed<WindowFixture>;

/// Of the key that images are looked at with, in the finding of the keyed model.
const examine::KeyedEvidence& keyedOf(const WindowFixture& fixture, int row) {
    return *modelOf(fixture)->row(row).record->findings.front().keyed;
}

QAction* actionOf(const WindowFixture& fixture, const QString& name) {
    return fixture.find<QToolButton>("queueKeys")->menu()->findChild<QAction*>(name);
}

/// Types the passphrase into the dialog that is open and presses its button.
void answer(QDialog* dialog, const char* field, const QString& text) {
    dialog->findChild<QLineEdit*>(QLatin1String(field))->setText(text);
    dialog->findChild<QPushButton*>(QStringLiteral("requestDialogOk"))->click();
}

}  // namespace

class TestKeys : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void openKeysReachTheEngine_data();
    void openKeysReachTheEngine();
    void lockedKeyIsUnlocked();
    void casesUseTheOpenKeys();
    void signsWithTheChosenKey();
    void lockedKeySignsNothing();
    void newKeyNeedsTwoEqualPassphrases();
    void nothingIsAskedWithoutAKeyedModel();
    void unusableKeyFileIsSaid();
    void keyedFindingIsShown_data();
    void keyedFindingIsShown();
    void unknownKeyIsSaid();
    void modelsPageSaysWhatAPValueNeeds();
    void registeredPictureIsSaid_data();
    void registeredPictureIsSaid();
    void partsCountEveryKey();
    void bestOfSeveralKeysIsNoFinding();
};

void TestKeys::openKeysReachTheEngine_data() {
    QTest::addColumn<bool>("folderIsWatched");
    QTest::newRow("read again") << false;
    QTest::newRow("folder watched") << true;
}

/// Keys that are made elsewhere while the window is open count for what is examined from then on.
void TestKeys::openKeysReachTheEngine() {
    QFETCH(bool, folderIsWatched);
    KeyedFixture fixture;
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("a.png"), 255)});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(keyedOf(fixture, 0).keysTried, 1);
    QVERIFY(keyedOf(fixture, 0).publicKey);
    if (folderIsWatched) {
        storeOf(fixture).create("first", std::nullopt);
        fixture.readKeys();
        storeOf(fixture).create("second", std::nullopt);  // nobody says so
    } else {
        storeOf(fixture).create("first", std::nullopt);
        storeOf(fixture).create("second", std::nullopt);
        actionOf(fixture, QStringLiteral("reloadKeys"))->trigger();
    }
    QTRY_COMPARE(fixture.services->keys().keys().size(), std::size_t(3));
    QTRY_COMPARE(fixture.find<QToolButton>("queueKeys")->text(), QStringLiteral("3 keys open"));
    fixture.window->page<ui::InspectPage>()->queue()->examineRows({0});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(keyedOf(fixture, 0).keysTried, 3);
    QVERIFY(!keyedOf(fixture, 0).publicKey);
    QFile::remove(ui::fromPath(storeOf(fixture).folder() / "second.json"));
    QTRY_COMPARE(fixture.services->keys().keys().size(), std::size_t(2));
    fixture.window->page<ui::InspectPage>()->queue()->examineRows({0});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(keyedOf(fixture, 0).keysTried, 2);
}

void TestKeys::lockedKeyIsUnlocked() {
    KeyedFixture fixture;
    const auto vault = storeOf(fixture).create("vault", kPassphrase.toStdString());
    fixture.readKeys();
    auto* button = fixture.find<QToolButton>("queueKeys");
    QVERIFY(button->isVisible());
    QCOMPARE(button->text(), QStringLiteral("1 key open, 1 locked"));
    QCOMPARE(button->accessibleName(), QStringLiteral("Keys: 1 key open, 1 locked"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("a.png"), 255)});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(keyedOf(fixture, 0).keysTried, 1);

    actionOf(fixture, QStringLiteral("key-") + ui::toText(vault.fingerprint))->trigger();
    QPointer<QDialog> dialog = fixture.find<QDialog>("unlockDialog");
    QVERIFY(dialog && dialog->isVisible());
    auto* field = dialog->findChild<QLineEdit*>(QStringLiteral("unlockPassphrase"));
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    QCOMPARE(field->accessibleName(), QStringLiteral("Passphrase"));
    answer(dialog, "unlockPassphrase", QStringLiteral("another one"));
    auto* problem = dialog->findChild<QLabel*>(QStringLiteral("requestDialogProblem"));
    QTRY_VERIFY_WITH_TIMEOUT(problem->text().contains(QStringLiteral("passphrase is another one")),
                             kUnlockMs);
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(field->isEnabled());
    QCOMPARE(field->text(), QStringLiteral("another one"));  // nothing that was typed is lost
    QVERIFY(!fixture.services->keys().find("vault")->isOpen);

    answer(dialog, "unlockPassphrase", kPassphrase);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), kUnlockMs);
    QVERIFY(fixture.services->keys().find("vault")->isOpen);
    QTRY_COMPARE(button->text(), QStringLiteral("2 keys open"));
    QVERIFY(fixture.find<ui::NoticeBar>("inspectNotice")->text().startsWith(QStringLiteral("The key vault")));
    fixture.window->page<ui::InspectPage>()->queue()->examineRows({0});
    QVERIFY(waitForAll(fixture, 1));
    QCOMPARE(keyedOf(fixture, 0).keysTried, 2);
    QCOMPARE(keyedOf(fixture, 0).keyFingerprint, vault.fingerprint);
    fixture.readKeys();  // what is open stays so
    QVERIFY(fixture.services->keys().find("vault")->isOpen);
    for (const QLabel* label : fixture.window->findChildren<QLabel*>())
        QVERIFY2(!label->text().contains(kPassphrase), qPrintable(label->objectName()));

    ui::Services later(test::fakeBackend(fixture.control), fixture.services->workspace());
    QTRY_VERIFY(later.keys().isIdle());
    QVERIFY(later.keys().find("vault"));
    QVERIFY(!later.keys().find("vault")->isOpen);  // for one session only
}

void TestKeys::casesUseTheOpenKeys() {
    Keyed<test::CaseFixture> f;
    const auto lab = storeOf(f).create("lab", std::nullopt);
    f.readKeys();
    QVERIFY(f.find<QToolButton>("caseKeys"));
    f.newCase();
    QVERIFY(f.find<QToolButton>("caseKeys")->isVisible());
    f.takeIn();
    f.examineAll();
    f.view()->select(1);
    const auto examinations = f.store().results().examinations(1);
    QCOMPARE(examinations.size(), std::size_t(1));
    const auto& keyed = examinations.back().record.findings.front().keyed;
    QVERIFY(keyed.has_value());
    QCOMPARE(keyed->keysTried, 2);
    QCOMPARE(keyed->keyFingerprint, lab.fingerprint);
    auto* results = f.find<QWidget>("exhibitResults");
    QTRY_VERIFY(results->findChild<ui::ElidedLabel*>(QStringLiteral("keyName")));
    QCOMPARE(results->findChild<ui::ElidedLabel*>(QStringLiteral("keyName"))->fullText(),
             QStringLiteral("lab"));
    QCOMPARE(results->findChildren<QLabel*>(QStringLiteral("signedPart")).size(), 2);
}

void TestKeys::signsWithTheChosenKey() {
    KeyedFixture fixture;
    fixture.window->showPage(QStringLiteral("sign"));
    auto* page = fixture.window->page<ui::SignPage>();
    page->settings()->selectModel(QStringLiteral("fake-code32"));
    auto* choice = fixture.find<QComboBox>("signKey");
    QVERIFY(!choice->isVisible());
    QVERIFY(page->settings()->options().key.empty());
    page->settings()->selectModel(QStringLiteral("fake-keyed"));
    QVERIFY(choice->isVisible());
    QCOMPARE(page->settings()->options().key, signature::SecretKey::publicDefault().fingerprint());
    QVERIFY(fixture.find<QLabel>("signKeyNote")->text().startsWith(QStringLiteral("Everybody")));
    QVERIFY(!fixture.find<QPushButton>("unlockKeyButton")->isEnabled());

    fixture.find<QPushButton>("newKeyButton")->click();
    QPointer<QDialog> dialog = fixture.find<QDialog>("newKeyDialog");
    QVERIFY(dialog && dialog->isVisible());
    answer(dialog, "newKeyName", QStringLiteral("no name/at all"));
    auto* problem = dialog->findChild<QLabel*>(QStringLiteral("requestDialogProblem"));
    QTRY_VERIFY(problem->text().contains(QStringLiteral("cannot be the name of a key")));
    answer(dialog, "newKeyName", QStringLiteral("lab"));
    QTRY_VERIFY(!dialog || !dialog->isVisible());
    const ui::HeldKey* lab = fixture.services->keys().find("lab");
    QVERIFY(lab && lab->isOpen && !lab->isProtected);
    QCOMPARE(choice->currentText(), QStringLiteral("lab"));
    QCOMPARE(page->settings()->options().key, lab->fingerprint);

    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 20)});
    QTRY_COMPARE(page->model()->rowCount(), 1);
    QTRY_VERIFY(!page->preview()->psnrText().isEmpty());
    page->signAll();
    QTRY_VERIFY(page->model()->row(0).record);
    const auto record = page->model()->row(0).record;
    QVERIFY2(!record->error, record->error ? record->error->message.c_str() : "");
    QCOMPARE(record->keyFingerprint, lab->fingerprint);
    QVERIFY(!fixture.find<QTableView>("signTable")->isColumnHidden(ui::SignModel::KeyColumn));
    QCOMPARE(page->model()->index(0, ui::SignModel::KeyColumn).data().toString(), QStringLiteral("lab"));
}

void TestKeys::lockedKeySignsNothing() {
    KeyedFixture fixture;
    const auto vault = storeOf(fixture).create("vault", kPassphrase.toStdString());
    fixture.readKeys();
    fixture.window->showPage(QStringLiteral("sign"));
    auto* settings = fixture.window->page<ui::SignPage>()->settings();
    settings->selectModel(QStringLiteral("fake-keyed"));
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 20)});
    QTRY_VERIFY(fixture.find<QAction>("signAction")->isEnabled());
    auto* choice = fixture.find<QComboBox>("signKey");
    choice->setCurrentIndex(choice->findData(ui::toText(vault.fingerprint)));
    QCOMPARE(choice->currentText(), QStringLiteral("vault (locked)"));
    QVERIFY(settings->problem().contains(QStringLiteral("locked")));
    QVERIFY(!fixture.find<QAction>("signAction")->isEnabled());
    fixture.find<QPushButton>("unlockKeyButton")->click();
    QPointer<QDialog> dialog = fixture.find<QDialog>("unlockDialog");
    QVERIFY(dialog);
    answer(dialog, "unlockPassphrase", kPassphrase);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), kUnlockMs);
    QVERIFY(settings->problem().isEmpty());
    QVERIFY(fixture.find<QAction>("signAction")->isEnabled());
    QCOMPARE(choice->currentText(), QStringLiteral("vault"));
    QCOMPARE(settings->options().key, vault.fingerprint);
}

void TestKeys::newKeyNeedsTwoEqualPassphrases() {
    KeyedFixture fixture;
    actionOf(fixture, QStringLiteral("newKey"))->trigger();
    QPointer<QDialog> dialog = fixture.find<QDialog>("newKeyDialog");
    QVERIFY(dialog && dialog->isVisible());
    const auto field = [&](const char* name) { return dialog->findChild<QLineEdit*>(QLatin1String(name)); };
    auto* problem = dialog->findChild<QLabel*>(QStringLiteral("requestDialogProblem"));
    field("newKeyName")->setText(QStringLiteral("vault"));
    field("newKeyAgain")->setText(kPassphrase);
    answer(dialog, "newKeyPassphrase", QStringLiteral("something else"));
    QVERIFY(problem->text().contains(QStringLiteral("differ")));
    field("newKeyAgain")->setText(QStringLiteral("short"));
    answer(dialog, "newKeyPassphrase", QStringLiteral("short"));
    QTRY_VERIFY(problem->text().contains(QStringLiteral("at least 8 characters")));
    field("newKeyAgain")->setText(kPassphrase);
    answer(dialog, "newKeyPassphrase", kPassphrase);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), kUnlockMs);
    const ui::HeldKey* made = fixture.services->keys().find("vault");
    QVERIFY(made && made->isProtected && made->isOpen);
}

void TestKeys::nothingIsAskedWithoutAKeyedModel() {
    WindowFixture fixture;
    QTRY_VERIFY(fixture.services->catalogue());
    storeOf(fixture).create("lab", std::nullopt);
    fixture.services->keys().reload();
    QTRY_COMPARE(fixture.services->keys().keys().size(), std::size_t(2));
    QVERIFY(!fixture.find<QToolButton>("queueKeys")->isVisible());
    fixture.window->showPage(QStringLiteral("sign"));
    QVERIFY(!fixture.find<QComboBox>("signKey")->isVisible());
    QVERIFY(fixture.find<QTableView>("signTable")->isColumnHidden(ui::SignModel::KeyColumn));
}

void TestKeys::unusableKeyFileIsSaid() {
    KeyedFixture fixture;
    storeOf(fixture).create("open-to-all", std::nullopt);
    storeOf(fixture).create("lab", std::nullopt);
    const QString file = ui::fromPath(storeOf(fixture).folder() / "open-to-all.json");
    QVERIFY(QFile::setPermissions(
        file, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther));
    fixture.readKeys();
    QCOMPARE(fixture.services->keys().keys().size(), std::size_t(2));
    QVERIFY(fixture.services->keys().find("lab"));
    QCOMPARE(fixture.find<ui::NoticeBar>("inspectNotice")->text(), QStringLiteral("Some keys are not used."));
}

void TestKeys::keyedFindingIsShown_data() {
    QTest::addColumn<int>("level");  ///< what the fake engine answers by
    QTest::addColumn<QString>("score");
    QTest::addColumn<QString>("exponent");
    QTest::addColumn<QString>("code");  ///< what is said of it; empty: nothing
    QTest::addColumn<int>("outlines");
    const QString code = QStringLiteral("3fa21b90");
    const auto row = [](const char* name, int level, const char* score, const char* exponent,
                        const QString& shown, int outlines) {
        QTest::newRow(name) << level << QString::fromLatin1(score) << QString::fromLatin1(exponent) << shown
                            << outlines;
    };
    row("readable", 255, "12.34", "12.3", code, 1);
    row("not readable", 245, "12.34", "12.3", QStringLiteral("present, code not readable"), 1);
    row("two parts", 230, "12.34", "12.3", code, 2);
    row("inconclusive", 150, "4.50", "4.5", {}, 0);
    row("absent", 20, "0.20", "0.2", {}, 0);
}

void TestKeys::keyedFindingIsShown() {
    QFETCH(int, level);
    QFETCH(QString, score);
    QFETCH(QString, exponent);
    QFETCH(QString, code);
    QFETCH(int, outlines);
    KeyedFixture fixture;
    const std::string longName(64, 'w');
    const auto key = storeOf(fixture).create(longName, std::nullopt);
    fixture.readKeys();
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), level, QSize(320, 240))});
    QVERIFY(waitForAll(fixture, 1));
    QTRY_VERIFY(fixture.find<QWidget>("findingCard_fake-keyed"));
    auto* card = fixture.find<QWidget>("findingCard_fake-keyed");
    const auto text = [card](const char* name) {
        const auto* label = card->findChild<QLabel*>(QLatin1String(name));
        return label ? label->text() : QString();
    };
    const examine::Finding& finding = modelOf(fixture)->row(0).record->findings.front();
    QCOMPARE(text("presenceWord"), ui::toText(examine::answerOf(finding)));
    QCOMPARE(text("scoreLine"),
             QStringLiteral("\u2212log10 p %1 · threshold 6.00 · inconclusive from 3.00").arg(score));
    QCOMPARE(text("pValueLine"),
             QStringLiteral(
                 "p = 10^\u2212%1 that a picture which knows nothing of this key fits as well; corrected "
                 "for 48,000 geometries and 2 keys")
                 .arg(exponent));
    QVERIFY(!card->findChild<QWidget*>(QStringLiteral("calibrationHeading")));
    const bool isFound = level > 100;
    if (isFound) {
        const auto* name = card->findChild<ui::ElidedLabel*>(QStringLiteral("keyName"));
        QVERIFY(name);
        QCOMPARE(name->fullText(), QString::fromStdString(longName));
        QCOMPARE(text("keyFingerprint"), ui::toText(key.fingerprint));
    } else {
        QVERIFY(text("keyNote").contains(QStringLiteral("2 keys")));
        QVERIFY(text("keyFingerprint").isEmpty());
    }
    QVERIFY(text("publicKeyNote").isEmpty());
    const bool isReadable = code == QStringLiteral("3fa21b90");
    QCOMPARE(text("codeHex"), isReadable ? code : QString());
    QCOMPARE(text("codeNote").contains(QStringLiteral("Not readable")), !isReadable && !code.isEmpty());
    QCOMPARE(text("codeStateBadge"), isReadable ? QStringLiteral("check holds") : QString());
    for (const QLabel* label : card->findChildren<QLabel*>()) {
        QVERIFY2(!label->text().contains(QStringLiteral("probability")), qPrintable(label->text()));
        QVERIFY2(!label->text().contains(QStringLiteral("unverified")), qPrintable(label->text()));
    }
    QCOMPARE(card->findChildren<QLabel*>(QStringLiteral("signedPart")).size(), outlines > 1 ? outlines : 0);
    // all of the card is inside its dock, however long the key's name is
    QCoreApplication::processEvents();
    auto* panel = fixture.find<QWidget>("evidencePanel");
    for (const QLabel* label : card->findChildren<QLabel*>()) {
        if (!label->isVisible()) continue;
        const int right = label->mapTo(panel, QPoint(label->width(), 0)).x();
        QVERIFY2(right <= panel->width(), qPrintable(label->objectName()));
    }
    // the queue: whole words of the same answer
    const auto cell = [&](int column) { return modelOf(fixture)->index(0, column).data().toString(); };
    if (isReadable) {
        QCOMPARE(cell(ui::ExamineModel::CodeColumn), code);
        QCOMPARE(cell(ui::ExamineModel::PValueColumn), QStringLiteral("\u221212.3"));
        QVERIFY(cell(ui::ExamineModel::ScoreColumn).isEmpty());
    }
    // the viewer
    auto* viewer = fixture.window->page<ui::InspectPage>()->viewer();
    QTRY_VERIFY(viewer->canvas()->hasImage());
    QCOMPARE(static_cast<int>(viewer->canvas()->outlines().size()), outlines);
    QCOMPARE(viewer->outlinesAction()->isEnabled(), outlines > 0);
    QVERIFY(fixture.find<QWidget>("evidenceMapLegend")
                ->accessibleName()
                .contains(QStringLiteral("standard deviations")));
    QVERIFY(fixture.find<QLabel>("evidenceMethod")->text().contains(QStringLiteral("standard deviations")));
    // they stay, whichever model's map is looked at
    auto* map = fixture.find<QComboBox>("evidenceLayer");
    map->setCurrentIndex(map->findText(QStringLiteral("fake-presence")));
    QCOMPARE(static_cast<int>(viewer->canvas()->outlines().size()), outlines);
    if (outlines == 0) return;
    QVERIFY2(viewer->canvas()->accessibleName().contains(code.startsWith(QLatin1Char('3'))
                                                             ? QStringLiteral("code 3fa21b90")
                                                             : QStringLiteral("code not readable")),
             qPrintable(viewer->canvas()->accessibleName()));
    viewer->canvas()->setFocus();
    QTest::keyClick(viewer->canvas(), Qt::Key_L);
    QTRY_VERIFY(viewer->canvas()->outlines().empty());
}

/// What was signed with a key that was removed since: its fingerprint is all that is known.
void TestKeys::unknownKeyIsSaid() {
    KeyedFixture fixture;
    const auto key = storeOf(fixture).create("lab", std::nullopt);
    fixture.readKeys();
    fixture.drop({writePicture(fixture.folder.path(), QStringLiteral("p.png"), 255)});
    QVERIFY(waitForAll(fixture, 1));
    QVERIFY(QFile::remove(ui::fromPath(storeOf(fixture).folder() / "lab.json")));
    QTRY_COMPARE(fixture.services->keys().keys().size(), std::size_t(1));
    const auto name = [&] {
        const auto* label = fixture.find<ui::ElidedLabel>("keyName");
        return label ? label->fullText() : QString();
    };
    QTRY_COMPARE(name(), QStringLiteral("a key that is not kept here"));
    QCOMPARE(fixture.find<QLabel>("keyFingerprint")->text(), ui::toText(key.fingerprint));
}

/// No calibration, and the page says so instead of calling it missing.
void TestKeys::modelsPageSaysWhatAPValueNeeds() {
    KeyedFixture fixture;
    fixture.window->showPage(QStringLiteral("models"));
    auto* list = fixture.find<QTableView>("modelList");
    const auto choose = [list](const QString& name) {
        for (int row = 0; row < list->model()->rowCount(); ++row)
            if (list->model()->index(row, 0).data().toString() == name) list->selectRow(row);
        return list->currentIndex().siblingAtColumn(0).data().toString() == name;
    };
    QVERIFY(choose(QStringLiteral("fake-keyed")));
    const auto text = [&] { return fixture.find<QLabel>("modelCalibrationText")->text(); };
    QVERIFY2(text().contains(QStringLiteral("needs no calibration")), qPrintable(text()));
    QVERIFY2(text().contains(QStringLiteral("From p = 10^\u22126.0 on")), qPrintable(text()));
    QVERIFY(!text().contains(QStringLiteral("logit")) && !text().contains(QStringLiteral("left out")));
    QVERIFY(fixture.find<QWidget>("modelCalibrationPlot")->isHidden());
    QVERIFY(choose(QStringLiteral("fake-code32")));
    QVERIFY2(text().startsWith(QStringLiteral("Threshold +2.00 logit")), qPrintable(text()));
    QVERIFY2(text().contains(QStringLiteral("Unsigned: 0 of 612 photographs reach")), qPrintable(text()));
    QVERIFY2(text().contains(QStringLiteral("400 signed, 400 unsigned scores")), qPrintable(text()));
}

void TestKeys::registeredPictureIsSaid_data() {
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("text");  ///< empty: nothing is said
    QTest::newRow("copied")
        << "other_picture"
        << "a.png"
        << "This code belongs to another picture (53 % of 800 signs agree). It was registered "
           "for a.png; a signature can be copied from the picture it was written on.";
    QTest::newRow("its own") << "same_picture"
                             << "A. Noether"
                             << "This code was registered for this picture (53 % of 800 signs agree). It was "
                                "registered for A. Noether.";
    QTest::newRow("not known")
        << "cannot_be_said" << QString()
        << "Whether this code belongs to this picture cannot be said (53 % of 800 signs "
           "agree).";
    QTest::newRow("not registered") << "not_registered" << QString() << QString();
}

/// The card says whether the code belongs to the picture, with a sign where it does not.
void TestKeys::registeredPictureIsSaid() {
    QFETCH(QString, answer);
    QFETCH(QString, name);
    QFETCH(QString, text);
    examine::Finding finding = test::CaseBuilder::keyedFinding(-12, "0c0ffee1");
    examine::KeyedEvidence::Picture& picture = finding.keyed->picture.emplace();
    picture.comparison.answer = signature::pictureAnswerFrom(answer.toStdString());
    picture.comparison.likeness.signs = 800;
    picture.comparison.likeness.agreeing = 424;
    picture.name = name.toStdString();
    const ui::FindingCard card(finding, {});
    const auto* line = card.findChild<QLabel*>(QStringLiteral("pictureLine"));
    QCOMPARE(line ? line->text() : QString(), text);
    QCOMPARE(card.findChild<QLabel*>(QStringLiteral("copySymbol")) != nullptr,
             answer == QLatin1String("other_picture"));
}

/// As the report has it: a part's p-value is corrected for the keys tried like that of the image.
void TestKeys::partsCountEveryKey() {
    examine::Finding finding = test::CaseBuilder::keyedFinding(-12, "0c0ffee1");
    finding.keyed->keysTried = 100;
    finding.keyed->regions.push_back(finding.keyed->regions.front());
    const ui::FindingCard card(finding, {});
    const auto parts = card.findChildren<QLabel*>(QStringLiteral("signedPart"));
    QCOMPARE(parts.size(), 2);
    QCOMPARE(parts.front()->text(), QStringLiteral("1: code 0c0ffee1, p = 10^\u221210.0"));
}

void TestKeys::bestOfSeveralKeysIsNoFinding() {
    examine::Finding finding = test::CaseBuilder::keyedFinding(-4, {});
    const auto note = [&] {
        const ui::FindingCard card(finding, {});
        const auto* label = card.findChild<QLabel*>(QStringLiteral("bestKeyNote"));
        return label ? label->text() : QString();
    };
    QCOMPARE(note(), QString());
    finding.keyed->keysTried = 3;
    QVERIFY2(note().startsWith(QStringLiteral("Of the 3 keys tried")), qPrintable(note()));
}

SIGNET_TEST(TestKeys)
#include "test_keys.moc"
