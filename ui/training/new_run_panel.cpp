#include "ui/training/new_run_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/error.h"
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
      m_data(new QLineEdit(this)),
      m_dataNote(makeNote(QStringLiteral("newRunDataNote"), {}, this)),
      m_photos(new QWidget(this)),
      m_thumbnails(new Thumbnails(services.media(), this)),
      m_form(new OptionForm(signature::describeOptions(), {QStringLiteral("data")}, this)),
      m_probeButton(new QPushButton(tr("&Try 10 steps"), this)),
      m_probeProgress(new QProgressBar(this)),
      m_probeNote(
          makeNote(QStringLiteral("newRunProbeNote"), tr("How long will it take? Ten steps tell."), this)),
      m_problem(new ElidedLabel(QStringLiteral("newRunProblem"), this)),
      m_says(new QStackedWidget(this)),
      m_start(new QPushButton(themedIcon(QStringLiteral("start")), tr("&Start run"), this)) {
    setObjectName(QStringLiteral("newRunPanel"));
    m_preset->setObjectName(QStringLiteral("newRunPreset"));
    m_preset->setAccessibleName(tr("Preset"));
    for (const auto& name : signature::presetNames()) m_preset->addItem(toText(name));
    m_data->setObjectName(QStringLiteral("newRunData"));
    m_data->setAccessibleName(tr("Folder of photographs"));
    m_data->setPlaceholderText(tr("folder of photographs"));
    m_data->setAcceptDrops(false);
    m_photos->setObjectName(QStringLiteral("newRunPhotos"));
    m_probeButton->setObjectName(QStringLiteral("newRunProbeButton"));
    m_probeButton->setAccessibleName(tr("Try 10 steps"));
    m_probeButton->setToolTip(tr("Does 12 steps with these options; nothing is written"));
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
    connect(m_data, &QLineEdit::textChanged, this, &NewRunPanel::dataEdited);
    connect(&m_dataDelay, &QTimer::timeout, this,
            [this] { m_services.training().requestData(toPath(m_data->text().trimmed())); });
    connect(&training, &TrainingService::dataReady, this, &NewRunPanel::showData);
    connect(m_thumbnails, &Thumbnails::changed, this, &NewRunPanel::showPicture);
    connect(m_form, &OptionForm::changed, this, &NewRunPanel::optionsChanged);
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
}

void NewRunPanel::makeLayout() {
    auto* top = new QWidget(this);
    top->setObjectName(QStringLiteral("newRunTop"));
    auto* topColumn = new QVBoxLayout(top);
    topColumn->setContentsMargins(0, 0, 0, 0);
    topColumn->setSpacing(6);
    const auto row = [&](const QString& text, QWidget* editor, QWidget* after) {
        auto* line = new QHBoxLayout;
        auto* label = makeLabel(editor->objectName() + QStringLiteral("Label"), text, this);
        label->setTextFormat(Qt::AutoText);
        label->setBuddy(editor);
        label->setFixedWidth(132);
        line->addWidget(label);
        line->addWidget(editor, 1);
        if (after) line->addWidget(after);
        topColumn->addLayout(line);
    };
    row(tr("Na&me of the run"), m_name, nullptr);
    row(tr("Not&e"), m_note, nullptr);
    row(tr("&Preset"), m_preset, nullptr);
    auto* choose = new QToolButton(this);
    choose->setObjectName(QStringLiteral("newRunChooseData"));
    choose->setAccessibleName(tr("Choose the folder of photographs"));
    choose->setToolTip(choose->accessibleName());
    choose->setIcon(themedIcon(QStringLiteral("open")));
    choose->setFocusPolicy(Qt::StrongFocus);
    connect(choose, &QToolButton::clicked, this, [this] {
        FileDialogs::openFolder(this, tr("Choose the folder of photographs"), m_data->text(),
                                [this](const QStringList& names) {
                                    if (!names.isEmpty()) m_data->setText(names.front());
                                });
    });
    row(tr("Ph&otographs"), m_data, choose);
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
    column->addWidget(m_form);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("newRunScroll"));
    scroll->setAccessibleName(tr("Options of the run"));
    scroll->setFocusPolicy(Qt::NoFocus);  // its fields have it
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);

    auto* close = new QPushButton(tr("&Back to the runs"), this);
    close->setObjectName(QStringLiteral("newRunCloseButton"));
    close->setAccessibleName(tr("Back to the runs"));
    connect(close, &QPushButton::clicked, this, &NewRunPanel::closed);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(12, kGrid, 12, kGrid);
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
    bar->addWidget(close);
    bar->addWidget(m_start);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(scroll, 1);
    all->addLayout(bar);
}

void NewRunPanel::loadPreset() {
    if (m_preset->currentText().isEmpty()) return;
    const QString folder = m_data->text();
    try {
        Json options = signature::configure(m_preset->currentText().toStdString());
        // A preset's folder is relative to where its author worked; the one chosen here stays.
        if (!folder.trimmed().isEmpty())
            options["data"] = toPath(folder.trimmed()).string();
        else if (std::error_code error;
                 !std::filesystem::is_directory(options["data"].get<std::string>(), error))
            options["data"] = "";
        setOptions(options);
    } catch (const Error& error) {
        m_dataProblem = sentence(error.what());
        update();
    }
}

void NewRunPanel::setOptions(const Json& options) {
    m_form->setValues(options);
    m_data->setText(fromPath(options.at("data").get<std::string>()));
}

void NewRunPanel::setDataFolder(const QString& folder) {
    m_data->setText(folder);
}

void NewRunPanel::dataEdited() {
    m_dataKnown = false;
    m_dataProblem.clear();
    m_photos->hide();
    m_form->setValue(QStringLiteral("data"), toPath(m_data->text().trimmed()).string());
    if (m_data->text().trimmed().isEmpty()) {
        m_dataDelay.stop();
        m_dataNote->setText(
            tr("Choose a folder of photographs to train on; some hundred are a beginning, thousands "
               "are better."));
    } else {
        m_dataNote->setText(tr("Looking …"));
        m_dataDelay.start();
    }
}

void NewRunPanel::showData(const QString& folder, const signature::DataSummary& summary,
                           const QString& problem) {
    if (folder != fromPath(toPath(m_data->text().trimmed()))) return;
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
    if (const QString inPlace = m_form->problem(); !inPlace.isEmpty()) return inPlace;
    if (!m_dataProblem.isEmpty()) return m_dataProblem;
    if (!m_dataKnown) return tr("Choose a folder of photographs.");
    try {
        signature::checkOptions(m_form->values());
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
    const Json looked = {start, options.value("network", Json())};
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
        signature::checkOptions(m_form->values());
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

void NewRunPanel::showProbe(const signature::Probe& probe, const QString& problem) {
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
    settings.setValue(QStringLiteral("training/data"), m_data->text());
}

void NewRunPanel::restoreSettings(const QSettings& settings) {
    if (const QString data = settings.value(QStringLiteral("training/data")).toString(); !data.isEmpty())
        m_data->setText(data);
    const int preset = m_preset->findText(settings.value(QStringLiteral("training/preset")).toString());
    if (preset >= 0) m_preset->setCurrentIndex(preset);
}

}  // namespace signet::ui
