#include "ui/training/new_run_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/error.h"
#include "core/tasks/all_tasks.h"
#include "core/training/run_options.h"
#include "ui/bridge/text.h"
#include "ui/bridge/thumbnails.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"
#include "ui/training/option_form.h"
#include "ui/training/run_text.h"

namespace signet::ui {
namespace {

constexpr int kDataDelayMs = 300;
constexpr int kPictures = 12;
constexpr int kPictureSide = 56;  // px

/// "network.bits" -> "/network/bits"
std::string pointerTo(std::string key) {
    std::replace(key.begin(), key.end(), '.', '/');
    return "/" + key;
}

QString counted(int n) {
    return QLocale(QLocale::English, QLocale::UnitedStates).toString(n);
}

}  // namespace

NewRunPanel::NewRunPanel(Services& services, QWidget* parent)
    : QWidget(parent),
      m_services(services),
      m_name(new QLineEdit(this)),
      m_note(new QLineEdit(this)),
      m_preset(new QComboBox(this)),
      m_dataNote(makeNote(QStringLiteral("newRunDataNote"), {}, this)),
      m_photos(new QWidget(this)),
      m_thumbnails(new Thumbnails(services.media(), this)),
      m_probeButton(new QPushButton(tr("&Try 10 steps"), this)),
      m_probeProgress(new QProgressBar(this)),
      m_probeNote(
          makeNote(QStringLiteral("newRunProbeNote"), tr("How long will it take? Ten steps tell."), this)),
      m_problem(new ElidedLabel(QStringLiteral("newRunProblem"), this)),
      m_says(new QStackedWidget(this)),
      m_close(new QPushButton(tr("&Back to the runs"), this)),
      m_start(new QPushButton(themedIcon(QStringLiteral("start")), tr("&Start run"), this)) {
    setObjectName(QStringLiteral("newRunPanel"));
    m_preset->setObjectName(QStringLiteral("newRunPreset"));
    m_preset->setAccessibleName(tr("Preset"));
    for (const auto& name : training::presetNames()) m_preset->addItem(toText(name));
    m_photos->setObjectName(QStringLiteral("newRunPhotos"));
    m_probeButton->setObjectName(QStringLiteral("newRunProbeButton"));
    m_probeButton->setAccessibleName(tr("Try 10 steps"));
    m_probeButton->setToolTip(
        tr("Does 12 steps with these options, the first two to warm up; nothing is written"));
    m_probeProgress->setObjectName(QStringLiteral("newRunProbeProgress"));
    m_probeProgress->setAccessibleName(tr("Progress of the trial"));
    m_probeProgress->setFixedHeight(6);
    m_probeProgress->setTextVisible(false);
    m_probeProgress->hide();
    m_problem->setProperty("role", "problem");
    m_start->setObjectName(QStringLiteral("newRunStartButton"));
    m_start->setAccessibleName(tr("Start the run"));
    m_start->setProperty("role", "primary");
    m_start->setMinimumHeight(32);
    m_name->setObjectName(QStringLiteral("newRunName"));
    m_name->setAccessibleName(tr("Name of the run"));
    m_name->setPlaceholderText(tr("what lists and legends call the run"));
    m_note->setObjectName(QStringLiteral("newRunNote"));
    m_note->setAccessibleName(tr("Note about the run"));
    m_note->setPlaceholderText(tr("what is worth knowing about it"));
    m_startDelay.setSingleShot(true);
    m_startDelay.setInterval(kDataDelayMs);
    connect(&m_startDelay, &QTimer::timeout, this, &NewRunPanel::checkStart);
    m_dataDelay.setSingleShot(true);
    m_dataDelay.setInterval(kDataDelayMs);
    makeLayout();
    TrainingService& training = m_services.training();
    connect(m_preset, &QComboBox::currentIndexChanged, this, &NewRunPanel::loadPreset);
    connect(&m_dataDelay, &QTimer::timeout, this,
            [this] { m_services.training().requestData(m_form->values()); });
    connect(&training, &TrainingService::dataReady, this, &NewRunPanel::showData);
    connect(m_thumbnails, &Thumbnails::changed, this, &NewRunPanel::showPicture);
    connect(&training, &TrainingService::startChecked, this, [this](const QString& problem) {
        if (m_startDelay.isActive()) return;  // of options that were changed since
        m_startKnown = true;
        m_startProblem = problem;
        update();
    });
    connect(m_probeButton, &QPushButton::clicked, this, &NewRunPanel::probe);
    connect(&training, &TrainingService::probeReady, this, &NewRunPanel::showProbe);
    connect(&training, &TrainingService::probeProgress, this, [this](int done, int total) {
        m_probeProgress->setRange(0, total);
        m_probeProgress->setValue(done + 1);
    });
    connect(&training, &TrainingService::runsChanged, this, &NewRunPanel::update);
    connect(m_start, &QPushButton::clicked, this, [this] {
        Q_EMIT startWanted(m_form->values(),
                           {m_name->text().trimmed().toStdString(), m_note->text().trimmed().toStdString()});
        m_name->clear();
        m_note->clear();
    });
    m_preset->setCurrentIndex(std::max(0, m_preset->findText(QStringLiteral("presence"))));
    loadPreset();
    if (m_form == nullptr) showTask({});  // without presets
}

QWidget* NewRunPanel::makeRow(const QString& text, QWidget* editor, QWidget* after) {
    auto* row = new QWidget(this);
    row->setObjectName(editor->objectName() + QStringLiteral("Row"));
    auto* line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    auto* label = makeLabel(editor->objectName() + QStringLiteral("Label"), text, row);
    label->setTextFormat(Qt::AutoText);
    label->setBuddy(editor);
    label->setFixedWidth(132);
    line->addWidget(label);
    line->addWidget(editor, 1);
    if (after) line->addWidget(after);
    return row;
}

void NewRunPanel::addFolderRow(const training::TaskType::Folder& folder, bool single) {
    const QString name = m_folders.empty() ? QStringLiteral("newRunData")
                                           : QStringLiteral("newRunData%1").arg(m_folders.size());
    const QString what = single ? tr("Folder of photographs") : toText(folder.label);
    auto* line = new QLineEdit(this);
    line->setObjectName(name);
    line->setAccessibleName(what);
    line->setPlaceholderText(tr("folder of photographs"));
    line->setAcceptDrops(false);
    auto* choose = new QToolButton(this);
    choose->setObjectName(QString(name).replace(QLatin1String("newRun"), QLatin1String("newRunChoose")));
    choose->setAccessibleName(single ? tr("Choose the folder of photographs")
                                     : tr("Choose the folder of the %1").arg(what.toLower()));
    choose->setToolTip(choose->accessibleName());
    choose->setIcon(themedIcon(QStringLiteral("open")));
    choose->setFocusPolicy(Qt::StrongFocus);
    connect(choose, &QToolButton::clicked, this, [this, line, choose] {
        FileDialogs::openFolder(this, choose->accessibleName(), line->text(),
                                [line = QPointer(line)](const QStringList& names) {
                                    if (line && !names.isEmpty()) line->setText(names.front());
                                });
    });
    connect(line, &QLineEdit::textChanged, this, &NewRunPanel::dataEdited);
    QWidget* row = makeRow(single ? tr("Ph&otographs") : what, line, choose);
    m_folderColumn->addWidget(row);
    m_folders.push_back({folder.key, line, row});
}

void NewRunPanel::showTask(const Json& options) {
    const training::TaskType& task = tasks::all().of(options);
    if (&task == m_task) return;
    m_task = &task;
    for (const FolderRow& folder : m_folders) delete folder.row;
    m_folders.clear();
    delete m_form;
    QStringList elsewhere{QStringLiteral("task")};
    const auto folders = task.folders();
    for (const auto& folder : folders) {
        addFolderRow(folder, folders.size() == 1);
        elsewhere << toText(folder.key);
    }
    m_form = new OptionForm(task.describeOptions(), elsewhere, this);
    m_form->setValues(task.complete(Json::object()));
    m_formPlace->addWidget(m_form);
    connect(m_form, &OptionForm::changed, this, &NewRunPanel::optionsChanged);
    orderTabs();
    dataEdited();
}

void NewRunPanel::orderTabs() {
    QWidget* last = m_preset;
    const auto next = [&](QWidget* widget) {
        setTabOrder(last, widget);
        last = widget;
    };
    std::vector<QWidget*> parts;
    parts.reserve(m_folders.size() + 1);
    for (const FolderRow& folder : m_folders) parts.push_back(folder.row);
    parts.push_back(m_form);
    for (QWidget* part : parts) {
        for (QWidget* widget : part->findChildren<QWidget*>()) {
            if ((widget->focusPolicy() & Qt::TabFocus) != 0 && widget->window() == window())  // no popup
                next(widget);
        }
    }
    for (QWidget* button : {m_probeButton, m_close, m_start}) next(button);
}

void NewRunPanel::makeLayout() {
    auto* top = new QWidget(this);
    top->setObjectName(QStringLiteral("newRunTop"));
    auto* topColumn = new QVBoxLayout(top);
    topColumn->setContentsMargins(0, 0, 0, 0);
    topColumn->setSpacing(6);
    topColumn->addWidget(makeRow(tr("Na&me of the run"), m_name, nullptr));
    topColumn->addWidget(makeRow(tr("Not&e"), m_note, nullptr));
    topColumn->addWidget(makeRow(tr("&Preset"), m_preset, nullptr));
    m_folderColumn = new QVBoxLayout;
    m_folderColumn->setContentsMargins(0, 0, 0, 0);
    m_folderColumn->setSpacing(6);
    topColumn->addLayout(m_folderColumn);
    topColumn->addWidget(m_dataNote);
    auto* pictures = new QHBoxLayout(m_photos);
    pictures->setContentsMargins(0, 0, 0, 0);
    pictures->setSpacing(4);
    for (int i = 0; i < kPictures; ++i) {
        m_pictures.push_back(makeLabel(QStringLiteral("newRunPhoto%1").arg(i), {}, m_photos));
        m_pictures.back()->setFixedSize(kPictureSide, kPictureSide);
        pictures->addWidget(m_pictures.back());
    }
    pictures->addStretch(1);
    m_photos->hide();
    topColumn->addWidget(m_photos);

    auto* inside = new QWidget(this);
    inside->setObjectName(QStringLiteral("newRunInside"));
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(kGrid);
    column->addWidget(top);
    m_formPlace = new QVBoxLayout;
    m_formPlace->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_formPlace);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("newRunScroll"));
    scroll->setAccessibleName(tr("Options of the run"));
    scroll->setFocusPolicy(Qt::NoFocus);  // its fields have it
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);

    m_close->setObjectName(QStringLiteral("newRunCloseButton"));
    m_close->setAccessibleName(tr("Back to the runs"));
    connect(m_close, &QPushButton::clicked, this, &NewRunPanel::closed);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, kGrid, 12, kGrid);
    bar->setSpacing(kGrid);
    bar->addWidget(m_probeButton);
    // one place for both, of a height that stays, so that the buttons stay where they are
    m_says->setObjectName(QStringLiteral("newRunSays"));
    m_says->addWidget(m_probeNote);
    m_says->addWidget(m_problem);
    m_says->setFixedHeight(2 * fontMetrics().lineSpacing() + 2);
    QSizePolicy kept = m_probeProgress->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_probeProgress->setSizePolicy(kept);
    auto* notes = new QVBoxLayout;
    notes->setSpacing(2);
    notes->addWidget(m_says);
    notes->addWidget(m_probeProgress);
    bar->addLayout(notes, 1);
    bar->addWidget(m_close);
    bar->addWidget(m_start);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scroll, 1);
    all->addLayout(bar);
}

void NewRunPanel::loadPreset() {
    if (m_preset->currentText().isEmpty()) return;
    try {
        Json options = training::configure(tasks::all(), m_preset->currentText().toStdString());
        showTask(options);
        for (const FolderRow& folder : m_folders) {  // those chosen here stay
            const QString chosen = folder.line->text().trimmed();
            if (!chosen.isEmpty()) options[folder.key] = toPath(chosen).string();
        }
        setOptions(options);
    } catch (const Error& error) {
        m_dataProblem = sentence(error.what());
        update();
    }
}

void NewRunPanel::setOptions(const Json& options) {
    try {
        showTask(options);
    } catch (const Error& error) {  // of a task this program does not know
        m_dataProblem = sentence(error.what());
        update();
        return;
    }
    m_form->setValues(options);
    for (const FolderRow& folder : m_folders)
        folder.line->setText(fromPath(options.value(folder.key, std::string())));
}

void NewRunPanel::setPreset(const QString& preset, const Json& changed) {
    {
        const QSignalBlocker blocker(m_preset);
        m_preset->setCurrentText(preset);
    }
    loadPreset();  // also where it is there already: it may have been changed
    for (const auto& [key, value] : changed.items()) m_form->setValue(toText(key), value);
}

void NewRunPanel::setDataFolder(const QString& folder) {
    m_folders.front().line->setText(folder);
}

void NewRunPanel::dataEdited() {
    m_dataKnown = false;
    m_dataProblem.clear();
    m_photos->hide();
    bool all = true;
    for (const FolderRow& folder : m_folders) {
        const QString chosen = folder.line->text().trimmed();
        m_form->setValue(toText(folder.key), toPath(chosen).string());
        all = all && !chosen.isEmpty();
    }
    if (!all) {
        m_dataDelay.stop();
        m_dataNote->setText(
            m_folders.size() == 1
                ? tr("Choose a folder of photographs to train on; some hundred are a beginning, thousands "
                     "are better.")
                : tr("Choose a folder of photographs for each class; the classes are called like their "
                     "folders."));
    } else {
        m_dataNote->setText(tr("Looking …"));
        m_dataDelay.start();
    }
}

void NewRunPanel::showData(const Json& options, const training::DataSummary& summary,
                           const QString& problem) {
    const Json wanted = m_form->values();
    for (const FolderRow& folder : m_folders) {
        if (options.value(folder.key, Json()) != wanted.value(folder.key, Json())) return;
    }
    m_dataKnown = problem.isEmpty();
    m_dataProblem = problem;
    m_dataNote->setText(
        problem.isEmpty()
            ? tr("%1 to train on (of %2 originals), %3 for validation, %4 for calibration · list %5")
                  .arg(counted(summary.training), counted(summary.originals), counted(summary.validation),
                       counted(summary.calibration), toText(summary.sha256.substr(0, 12)))
            : problem);
    m_photos->setVisible(m_dataKnown);
    for (QLabel* picture : m_pictures) picture->clear();
    m_thumbnails->clear();
    m_some.assign(summary.some.begin(), summary.some.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                   summary.some.size(), m_pictures.size())));
    for (std::size_t i = 0; i < m_some.size(); ++i) showPicture(i);
    update();
}

void NewRunPanel::showPicture(quint64 i) {
    const QPixmap* thumbnail = m_thumbnails->of(i, m_some[i]);
    if (thumbnail == nullptr || thumbnail->isNull()) return;
    m_pictures[i]->setPixmap(
        thumbnail
            ->scaled(kPictureSide, kPictureSide, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation)
            .copy(0, 0, kPictureSide, kPictureSide));
}

QString NewRunPanel::problem() const {
    if (QString inPlace = m_form->problem(); !inPlace.isEmpty()) return inPlace;
    if (!m_dataProblem.isEmpty()) return m_dataProblem;
    if (!m_dataKnown) return tr("Choose a folder of photographs.");
    try {
        training::checkOptions(tasks::all(), m_form->values());
    } catch (const Error& error) {
        return sentence(error.what());
    }
    if (!m_startProblem.isEmpty()) return m_startProblem;
    if (!m_startKnown) return tr("Looking at the weights to start from …");
    return {};
}

void NewRunPanel::update() {
    const QString trouble = problem();
    m_problem->setFullText(trouble);
    m_says->setCurrentWidget(trouble.isEmpty() ? static_cast<QWidget*>(m_probeNote) : m_problem);
    m_start->setEnabled(trouble.isEmpty());
    m_start->setText(m_services.training().isIdle() ? tr("&Start run") : tr("&Add to the queue"));
    m_probeButton->setEnabled(trouble.isEmpty() && m_probeProgress->isHidden());
}

void NewRunPanel::optionsChanged() {
    // whether the weights fit hangs on the network that the options describe
    const Json options = m_form->values();
    const std::string start = options.value("start", "");
    Json looked = Json::array({start});
    for (const auto& option : m_task->describeOptions()) {
        if (option.group == training::kNetworkGroup)
            looked.push_back(options.value(Json::json_pointer(pointerTo(option.key)), Json()));
    }
    if (looked != m_startOptions || !m_startKnown) {
        m_startOptions = looked;
        m_startProblem.clear();
        m_startKnown = start.empty();
        if (m_startKnown)
            m_startDelay.stop();
        else
            m_startDelay.start();
    }
    update();
}

void NewRunPanel::checkStart() {
    try {
        training::checkOptions(tasks::all(), m_form->values());
    } catch (const Error&) {
        return;  // said already; what follows once they are right starts it again
    }
    m_services.training().requestStart(m_form->values());
}

void NewRunPanel::probe() {
    m_probeProgress->setRange(0, 0);
    m_probeProgress->show();
    m_probeNote->setText(tr("Trying …"));
    m_services.training().requestProbe(m_form->values());
    update();
}

void NewRunPanel::showProbe(const training::Probe& probe, const QString& problem) {
    m_probeProgress->hide();
    m_probeNote->setText(
        problem.isEmpty()
            ? tr("%1 s a step: %2 to %3 for the whole run; %4 MiB; %5 of the time waiting for data")
                  .arg(probe.secondsPerStep, 0, 'g', 3)
                  .arg(durationText(probe.secondsLow), durationText(probe.secondsHigh))
                  .arg(probe.peakMemoryMiB, 0, 'f', 0)
                  .arg(percentText(probe.dataWaitShare))
            : problem);
    update();
}

void NewRunPanel::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("training/preset"), m_preset->currentText());
    for (const FolderRow& folder : m_folders)
        settings.setValue(QStringLiteral("training/%1").arg(toText(folder.key)), folder.line->text());
}

void NewRunPanel::restoreSettings(const QSettings& settings) {
    const auto restoreFolders = [&] {
        for (const FolderRow& folder : m_folders) {
            const QString chosen =
                settings.value(QStringLiteral("training/%1").arg(toText(folder.key))).toString();
            if (!chosen.isEmpty()) folder.line->setText(chosen);
        }
    };
    restoreFolders();
    const int preset = m_preset->findText(settings.value(QStringLiteral("training/preset")).toString());
    if (preset < 0) return;
    m_preset->setCurrentIndex(preset);
    restoreFolders();  // of its task
}

}  // namespace signet::ui
