#pragma once

#include <QAction>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include "core/cases/case_store.h"
#include "ui/cases/case_page.h"
#include "ui/cases/case_view.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/exhibit_filter.h"
#include "ui/style/widgets.h"
#include "window_fixture.h"

namespace signet::test {

/// The window on its Cases page.
class CaseFixture : public WindowFixture {
public:
    static constexpr int kWaitMs = 20'000;

    explicit CaseFixture(const MakeBackend& backend = {}) : WindowFixture(backend) {
        window->showPage(QStringLiteral("cases"));
    }

    ui::CaseView* view() const { return window->page<ui::CasePage>()->view(); }
    ui::ExhibitModel* model() const { return view()->model(); }
    QString caseFile() const { return path(QStringLiteral("one.case")); }
    bool settled() const {
        return QTest::qWaitFor([this] { return services->cases().isIdle() && services->media().isIdle(); },
                               kWaitMs);
    }
    cases::CaseStore store() const {
        cases::OpenOptions options;
        options.actor = "test";
        return {caseFile().toStdString(), options};
    }
    QString noticeText(const char* bar) const { return find<ui::NoticeBar>(bar)->text(); }

    void newCase() {
        find<QAction>("newCaseAction")->trigger();
        find<QLineEdit>("caseTitleField")->setText(QStringLiteral("Photographs of May"));
        find<QLineEdit>("caseExaminerField")->setText(QStringLiteral("A. Turing"));
        ui::FileDialogs::setNextFileNames({caseFile()});
        find<QPushButton>("caseChooseFile")->click();
        find<QPushButton>("caseCreateButton")->click();
        QVERIFY(QTest::qWaitFor([this] { return view()->isVisible(); }, kWaitMs));
    }
    /// Two pictures, one of them signed by the fake engine's rule, and a file that is no picture.
    void takeIn() {
        writePicture(folder.path(), QStringLiteral("signed.png"), 230);
        writePicture(folder.path(), QStringLiteral("plain.png"), 20);
        QFile broken(path(QStringLiteral("broken.png")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("no picture");
        broken.close();
        drop({path(QStringLiteral("signed.png")), path(QStringLiteral("broken.png")),
              path(QStringLiteral("plain.png"))});
        QVERIFY(QTest::qWaitFor([this] { return model()->rowCount() == 3; }, kWaitMs));
        QVERIFY(settled());
    }
    void examineAll() {
        find<QAction>("examineCaseAction")->trigger();
        QVERIFY(settled());
    }
};

}  // namespace signet::test
