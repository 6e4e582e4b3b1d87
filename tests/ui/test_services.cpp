// What the services behind the pages do when their workers fail, or are stopped before they began.
#include <QDir>
#include <QTemporaryDir>
#include <atomic>
#include <stdexcept>

#include "core/jobs/device_lease.h"
#include "fake_engine.h"
#include "tests/support/test_program.h"
#include "ui/bridge/roc_service.h"
#include "ui/bridge/text.h"
#include "ui/bridge/training_service.h"

using namespace signet;

namespace {

/// Fails three times, has news once, and fails from then on.
class FailingWatcher : public training::RunWatcher {
public:
    std::vector<training::RunNews> poll() override {
        if (++polls != 4) throw std::runtime_error("the runs cannot be followed");
        training::RunNews news;
        news.log = {"a line"};
        return {news};
    }

    std::atomic<int> polls{0};
};

}  // namespace

class TestServices : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void runsAreFollowedAfterAFailure();
    void aStoppedMeasurementAnswers();
};

void TestServices::runsAreFollowedAfterAFailure() {
    QTemporaryDir folder;
    auto watcher = std::make_shared<FailingWatcher>();
    ui::TrainingService training(std::make_shared<jobs::DeviceLease>(), ui::toPath(folder.path()), watcher);
    QStringList seen;
    connect(&training, &ui::TrainingService::failed, this, [&](const QString& why) { seen << why; });
    connect(&training, &ui::TrainingService::newsArrived, this,
            [&](const ui::RunNewsPtr& news) { seen << ui::toText(news->log.front()); });
    training.start();
    QTRY_VERIFY(watcher->polls >= 8);
    QCOMPARE(seen, (QStringList{"The runs cannot be followed.", "a line", "The runs cannot be followed."}));
}

/// Wherever the stop meets it: waiting for its worker, at work, or over.
void TestServices::aStoppedMeasurementAnswers() {
    QTemporaryDir folder;
    const QString images = folder.filePath(QStringLiteral("signed"));
    const QString others = folder.filePath(QStringLiteral("unsigned"));
    for (const QString& of : {images, others}) {
        QVERIFY(QDir().mkpath(of));
        test::writePicture(of, QStringLiteral("a.png"), of == images ? 250 : 20);
    }
    auto control = std::make_shared<test::EngineControl>();
    ui::RocService roc(std::make_shared<ui::EngineHost>(test::fakeBackend(control).createEngine));
    int measured = 0;
    bool complete = false;
    connect(&roc, &ui::RocService::measured, this, [&](const ui::FolderScoresPtr& scores) {
        ++measured;
        complete = scores->complete;
    });
    examine::ScoreFoldersOptions options;
    options.signedFolder = ui::toPath(images);
    options.unsignedFolder = ui::toPath(others);
    options.models = {"fake-presence"};
    for (int i = 1; i <= 20; ++i) {
        roc.measure(options);
        roc.stop();
        QTRY_VERIFY(roc.isIdle());
        QCOMPARE(measured, i);
    }
    roc.measure(options);  // a stop holds for the measurement that it was asked of
    QTRY_VERIFY(roc.isIdle());
    QVERIFY(complete);
}

SIGNET_TEST(TestServices)
#include "test_services.moc"
