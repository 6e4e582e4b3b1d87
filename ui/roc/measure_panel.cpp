#include "ui/roc/measure_panel.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/examine/detector.h"
#include "ui/bridge/text.h"
#include "ui/intake/file_dialogs.h"
#include "ui/itemmodels/sets_text.h"
#include "ui/roc/roc_text.h"
#include "ui/style/elided_label.h"
#include "ui/style/icons.h"

namespace signet::ui {
namespace {

constexpr int kModelRows = 4;

QPushButton* makeButton(const char* name, const char* icon, const QString& text, QWidget* parent) {
    auto* button = new QPushButton(themedIcon(QLatin1String(icon)), text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    return button;
}

}  // namespace

MeasurePanel::MeasurePanel(QWidget* parent)
    : Card(QStringLiteral("measurePanel"), parent),
      m_models(new QListWidget(this)),
      m_start(makeButton("measureStartButton", "start", tr("&Start"), this)),
      m_stop(makeButton("measureStopButton", "stop", tr("S&top"), this)),
      m_close(makeButton("measureCloseButton", "close", tr("&Close"), this)),
      m_bar(new QProgressBar(this)),
      m_what(new ElidedLabel(QStringLiteral("measureProgressText"), this)),
      m_reason(makeNote(QStringLiteral("measureReason"), {}, this)) {
    body()->addWidget(makeHeading(QStringLiteral("measureHeading"), tr("Measure folders"), this));
    m_signed = addFolder("signedFolder");
    m_unsigned = addFolder("unsignedFolder");
    body()->addWidget(makeLabel(QStringLiteral("measureModelsLabel"), tr("Models"), this));
    m_models->setObjectName(QStringLiteral("measureModels"));
    m_models->setAccessibleName(tr("Models to measure"));
    m_models->setTextElideMode(Qt::ElideMiddle);
    m_models->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_models->setFixedHeight(kModelRows * (fontMetrics().height() + 4) + 6);
    body()->addWidget(m_models);
    m_bar->setObjectName(QStringLiteral("measureBar"));
    m_bar->setAccessibleName(tr("Progress of the measurement"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    buttons->addWidget(m_close);
    buttons->addStretch(1);
    body()->addLayout(buttons);
    // below the buttons, which stay where they are whatever there is to say
    body()->addWidget(m_reason);
    body()->addWidget(m_bar);
    body()->addWidget(m_what);
    connect(m_start, &QPushButton::clicked, this, &MeasurePanel::startWanted);
    connect(m_stop, &QPushButton::clicked, this, &MeasurePanel::stopWanted);
    connect(m_close, &QPushButton::clicked, this, &MeasurePanel::closed);
    connect(m_models, &QListWidget::itemChanged, this, &MeasurePanel::refresh);
    setMeasuring(false);
}

QLineEdit* MeasurePanel::addFolder(const char* name) {
    const QString objectName = QLatin1String(name);
    body()->addWidget(makeLabel(objectName + QStringLiteral("Label"), {}, this));
    auto* edit = new QLineEdit(this);
    edit->setObjectName(objectName);
    edit->setPlaceholderText(tr("Choose or drop a folder"));
    edit->setAcceptDrops(false);  // the page takes drops
    auto* choose = new QToolButton(this);
    choose->setObjectName(objectName + QStringLiteral("Button"));
    choose->setIcon(themedIcon(QStringLiteral("open")));
    choose->setFocusPolicy(Qt::StrongFocus);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(edit, 1);
    row->addWidget(choose);
    body()->addLayout(row);
    connect(choose, &QToolButton::clicked, this, [this, edit] {
        FileDialogs::openFolder(this, edit->accessibleName(), edit->text(), [edit](const QStringList& names) {
            if (!names.isEmpty()) edit->setText(names.front());
        });
    });
    connect(edit, &QLineEdit::textChanged, this, [this, edit](const QString& text) {
        edit->setToolTip(text);
        refresh();
    });
    return edit;
}

void MeasurePanel::nameFolder(QLineEdit* edit, const std::string& word) {
    const QString title = tr("Folder of %1 images").arg(toText(word));
    edit->setAccessibleName(title);
    findChild<QLabel*>(edit->objectName() + QStringLiteral("Label"))
        ->setText(tr("%1 images").arg(headingText(word)));
    auto* choose = findChild<QToolButton*>(edit->objectName() + QStringLiteral("Button"));
    choose->setAccessibleName(tr("Choose: %1").arg(title));
    choose->setToolTip(choose->accessibleName());
}

examine::SetWords MeasurePanel::words() const {
    std::vector<examine::SetWords> ticked;
    for (int i = 0; i < m_models->count(); ++i)
        if (m_models->item(i)->checkState() == Qt::Checked)
            ticked.push_back(m_words[static_cast<std::size_t>(i)]);
    return examine::commonWords(ticked);
}

void MeasurePanel::setCatalogue(const std::shared_ptr<const Catalogue>& catalogue) {
    QSet<QString> known, ticked;
    for (int i = 0; i < m_models->count(); ++i) {
        known << m_models->item(i)->text();
        if (m_models->item(i)->checkState() == Qt::Checked) ticked << m_models->item(i)->text();
    }
    const QSignalBlocker blocker(m_models);
    m_models->clear();
    m_words.clear();
    for (const ModelEntry& entry : catalogue->models) {
        const models::Kind kind = entry.manifest.kind();
        if (!examine::canDetect(kind)) continue;
        const QString name = toText(entry.manifest.name);
        const bool isUsual = entry.manifest.isDefault() && kind == models::Kind::Signature;
        m_words.push_back(examine::claimOf(entry.manifest).sets);
        auto* item = new QListWidgetItem(name, m_models);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState((known.contains(name) ? ticked.contains(name) : isUsual) ? Qt::Checked
                                                                                     : Qt::Unchecked);
        item->setToolTip(toText(entry.manifest.title) +
                         (entry.manifest.validated ? QString() : tr("\nNot validated")));
    }
    refresh();
}

void MeasurePanel::setFolders(const QString& signedFolder, const QString& unsignedFolder) {
    m_signed->setText(signedFolder);
    m_unsigned->setText(unsignedFolder);
}

QString MeasurePanel::signedFolder() const {
    return m_signed->text();
}

QString MeasurePanel::unsignedFolder() const {
    return m_unsigned->text();
}

void MeasurePanel::takeFolder(const QString& folder) {
    if (m_measuring) return;
    const QString name = folder.section(QLatin1Char('/'), -1).toLower();
    const auto isCalled = [&](const std::string& word) {
        return name.contains(toText(word).remove(QLatin1Char('"')).toLower());
    };
    const examine::SetWords called = words();
    if (isCalled(called.negatives) || name.contains(QLatin1String("original")))
        m_unsigned->setText(folder);
    else if (isCalled(called.positives))
        m_signed->setText(folder);
    else
        (m_signed->text().isEmpty() ? m_signed : m_unsigned)->setText(folder);
}

examine::ScoreFoldersOptions MeasurePanel::options() const {
    examine::ScoreFoldersOptions options{toPath(m_signed->text()), toPath(m_unsigned->text()), {}};
    for (int i = 0; i < m_models->count(); ++i)
        if (m_models->item(i)->checkState() == Qt::Checked)
            options.models.push_back(m_models->item(i)->text().toStdString());
    return options;
}

void MeasurePanel::refresh() {
    const examine::SetWords called = words();
    nameFolder(m_signed, called.positives);
    nameFolder(m_unsigned, called.negatives);
    const examine::ScoreFoldersOptions chosen = options();
    QString reason;
    if (chosen.signedFolder.empty() || chosen.unsignedFolder.empty())
        reason =
            tr("Choose two folders: their images are measured, those in sub-folders too. Nothing in them "
               "is changed.");
    else if (chosen.models.empty())
        reason = tr("Tick at least one model.");
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty() && !m_measuring);
    m_start->setEnabled(!m_measuring && reason.isEmpty());
    m_start->setToolTip(reason);
}

void MeasurePanel::setMeasuring(bool measuring) {
    if (measuring && !m_measuring) showProgress(0, 0, QStringLiteral("loading"), -1);
    m_measuring = measuring;
    m_bar->setVisible(measuring);
    m_what->setVisible(measuring);
    m_start->setVisible(!measuring);
    m_stop->setVisible(measuring);
    m_stop->setEnabled(measuring);
    m_close->setVisible(!measuring);
    m_models->setEnabled(!measuring);
    for (QLineEdit* edit : {m_signed, m_unsigned}) edit->setReadOnly(measuring);
    for (const char* name : {"signedFolderButton", "unsignedFolderButton"})
        findChild<QToolButton*>(QLatin1String(name))->setEnabled(!measuring);
    refresh();
}

void MeasurePanel::showProgress(quint64 done, quint64 total, const QString& what, double secondsLeft) {
    m_bar->setRange(0, static_cast<int>(total));
    m_bar->setValue(static_cast<int>(done));
    const QLocale locale(QLocale::English, QLocale::UnitedStates);
    QString text = what == QLatin1String("reading")     ? tr("Reading the files")
                   : what == QLatin1String("measuring") ? tr("Measuring")
                                                        : tr("Loading the models");
    if (total > 0)
        text += tr(": %1 of %2").arg(locale.toString(qulonglong(done)), locale.toString(qulonglong(total)));
    const QString left = what == QLatin1String("measuring") ? timeLeftText(secondsLeft) : QString();
    m_what->setFullText(text, left.isEmpty() ? QString() : QStringLiteral(", ") + left);
}

}  // namespace signet::ui
