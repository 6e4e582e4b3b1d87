#include "ui/models/models_page.h"

#include <QComboBox>
#include <QEvent>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QSettings>
#include <QSplitter>
#include <QTabWidget>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "core/examine/claim.h"
#include "core/examine/conditions.h"
#include "core/examine/keyed_detector.h"
#include "ui/bridge/text.h"
#include "ui/itemmodels/key_value_model.h"
#include "ui/itemmodels/keyed_text.h"
#include "ui/itemmodels/manifest_rows.h"
#include "ui/itemmodels/model_list_model.h"
#include "ui/itemmodels/sets_text.h"
#include "ui/page/page_requests.h"
#include "ui/plot/calibration_plot.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/theme.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

enum Tab { CardTab, MethodTab, CalibrationTab, ManifestTab };

/// What was measured on the calibration's images. words: what its model calls them.
QString measuredText(const models::Calibration& calibration, const examine::SetWords& words) {
    const QString originals =
        calibration.originals > 0
            ? QObject::tr("%1 (%2 files)")
                  .arg(countText(calibration.originals, "original"))
                  .arg(std::max(calibration.photographs, calibration.unsignedPhotographs))
            : countText(calibration.negativeCount(), "photograph");
    return QObject::tr(
               "%1: %2 of %3 reach the threshold; measured on %4.\n"
               "%5 scores. SHA-256 of the list of photographs: %6")
        .arg(headingText(words.negatives), QString::number(calibration.falsePositives), originals,
             toText(examine::conditionOf(calibration)),
             setsText(words, static_cast<std::int64_t>(calibration.signedScores.size()),
                      static_cast<std::int64_t>(calibration.unsignedScores.size())),
             toText(calibration.imagesSha256));
}

/// What the thresholds of a model rest on.
QString calibrationText(const ModelEntry& entry) {
    const auto& calibration = entry.calibration;
    const examine::SetWords words = examine::claimOf(entry.manifest).sets;
    if (entry.isKeyed()) {
        const examine::OwnThresholds own = examine::kKeyedThresholds;
        const QString text =
            QObject::tr(
                "A keyed signature needs no calibration: whether it is there is a p-value of the very image, "
                "whatever it shows. From p = %1 on it is reported; from there to %2 the answer is "
                "inconclusive.")
                .arg(powerOfTenText(-own.present), powerOfTenText(-own.inconclusive));
        return calibration ? text + QLatin1Char('\n') + measuredText(*calibration, words) : text;
    }
    if (!calibration)
        return QObject::tr(
            "This model has no calibration: its scores cannot be set against measured ones, and it is left "
            "out of examinations by default.");
    return QObject::tr("Threshold %1 logit, inconclusive from %2 logit.\n")
               .arg(logitText(calibration->threshold), logitText(calibration->lowerThreshold)) +
           measuredText(*calibration, words);
}

}  // namespace

ModelsPage::ModelsPage(Services& services, PageRequests& requests, QWidget* parent)
    : QWidget(parent),
      Page({QStringLiteral("models"), QStringLiteral("models"), tr("Models"), Qt::Key_4}),
      m_services(services),
      m_model(new ModelListModel(this)),
      m_list(new CopyTableView(this)),
      m_notice(new NoticeBar(QStringLiteral("modelsNotice"), this)),
      m_tabs(new QTabWidget(this)),
      m_card(makeBrowser(QStringLiteral("modelCard"), tr("Model card"))),
      m_method(makeBrowser(QStringLiteral("methodHelp"), tr("Help about the method"))),
      m_methodChoice(new QComboBox(this)),
      m_plot(new CalibrationPlot(this)),
      m_calibrationText(makeLabel(QStringLiteral("modelCalibrationText"), {}, this, true)),
      m_manifest(new KeyValueModel(this)),
      m_manifestView(new CopyTableView(this)),
      m_splitter(new QSplitter(Qt::Vertical, this)) {
    setObjectName(QStringLiteral("modelsPage"));
    m_list->setObjectName(QStringLiteral("modelList"));
    m_list->setAccessibleName(tr("Installed models"));
    m_list->setModel(m_model);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    const int widths[] = {180, 100, 60, 80, 100};
    for (int i = 0; i < 5; ++i) m_list->setColumnWidth(i, widths[i]);
    m_manifestView->setObjectName(QStringLiteral("manifestView"));
    m_manifestView->setAccessibleName(tr("Manifest"));
    m_manifestView->setModel(m_manifest);
    m_manifestView->setColumnWidth(0, 90);
    m_manifestView->setColumnWidth(1, 170);
    m_tabs->setObjectName(QStringLiteral("modelTabs"));
    m_tabs->setAccessibleName(tr("About the chosen model"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_card, tr("&Card"));
    m_tabs->addTab(makeMethodTab(), tr("Met&hod"));
    m_tabs->addTab(makeCalibrationTab(), tr("Ca&libration"));
    m_tabs->addTab(m_manifestView, tr("Ma&nifest"));
    m_splitter->setObjectName(QStringLiteral("modelsSplitter"));
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(m_tabs);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 4);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addWidget(m_splitter, 1);
    all->addWidget(new NoticeStrip(QStringLiteral("modelsNotices"), {m_notice}, this));
    connect(m_list->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ModelsPage::showChosen);
    connect(&m_services, &Services::catalogueChanged, this, &ModelsPage::reload);
    connect(m_methodChoice, &QComboBox::currentIndexChanged, this, &ModelsPage::loadMethod);
    connect(&requests, &PageRequests::modelCard, this, [this, &requests](const QString& model) {
        Q_EMIT requests.show(label().id);
        showCard(model);
    });
    connect(&requests, &PageRequests::method, this, [this, &requests](const QString& helpPage) {
        Q_EMIT requests.show(label().id);
        showMethod(helpPage);
    });
    loadMethod();
    showChosen();
}

QTextBrowser* ModelsPage::makeBrowser(const QString& objectName, const QString& accessibleName) {
    auto* browser = new QTextBrowser(this);
    browser->setObjectName(objectName);
    browser->setAccessibleName(accessibleName);
    browser->setOpenExternalLinks(false);
    browser->setOpenLinks(false);
    browser->setAcceptDrops(false);
    browser->setFrameShape(QFrame::NoFrame);
    browser->document()->setDocumentMargin(16);
    return browser;
}

QWidget* ModelsPage::makeMethodTab() {
    m_methodChoice->setObjectName(QStringLiteral("methodChoice"));
    m_methodChoice->setAccessibleName(tr("Help page"));
    const std::pair<const char*, QString> pages[] = {
        {"presence", tr("Presence: is a signature there?")},
        {"code", tr("Code: which one is it?")},
        {"keyed-signature", tr("Keyed signature: is it there, and whose is it?")},
        {"fingerprints", tr("Fingerprints: which instance drew it?")},
        {"generators", tr("Generators: what do drawn pictures show?")},
        {"evidence_map", tr("Evidence map: where is it found?")},
        {"calibration", tr("Calibration: how sure is that?")},
        {"conflicts", tr("Conflicts: what does not go together?")},
        {"compare", tr("Compare: how do two images differ?")},
        {"signing", tr("Signing: how a signature is put in")},
        {"files", tr("Files: what is read, and what is left out")},
        {"training", tr("Training: how a signature is learned")},
        {"many_machines", tr("Many machines: one run on several")},
        {"cases", tr("Cases: exhibits and their custody")},
        {"reports", tr("Reports: what they state and why")},
        {"roc", tr("ROC: how well are images told apart?")},
        {"measurements", tr("Measurements: how fast, how large, how often wrong")},
        {"keyboard", tr("Keyboard")}};
    for (const auto& [name, title] : pages) m_methodChoice->addItem(title, QString::fromLatin1(name));
    auto* tab = new QWidget(this);
    tab->setObjectName(QStringLiteral("methodTab"));
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(0, kGrid, 0, 0);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 0, 16, 0);
    row->addWidget(m_methodChoice);
    row->addStretch(1);
    column->addLayout(row);
    column->addWidget(m_method, 1);
    return tab;
}

QWidget* ModelsPage::makeCalibrationTab() {
    auto* tab = new QWidget(this);
    tab->setObjectName(QStringLiteral("calibrationTab"));
    m_plot->setObjectName(QStringLiteral("modelCalibrationPlot"));
    m_calibrationText->setWordWrap(true);
    auto* column = new QVBoxLayout(tab);
    column->setContentsMargins(16, 16, 16, 16);
    column->addWidget(m_plot, 1);
    column->addWidget(m_calibrationText);
    return tab;
}

void ModelsPage::reload() {
    const auto catalogue = m_services.catalogue();
    const QString before =
        m_wanted.isEmpty() ? m_list->currentIndex().siblingAtColumn(0).data().toString() : m_wanted;
    m_model->setCatalogue(catalogue);
    if (!catalogue->warnings.empty()) {
        QStringList details;
        for (const std::string& warning : catalogue->warnings) details << toText(warning);
        m_notice->showNotice(NoticeBar::Kind::Problem, tr("Some model folders were left out."),
                             details.join(QLatin1Char('\n')));
    } else if (catalogue->models.empty()) {
        m_notice->showNotice(
            NoticeBar::Kind::Information,
            tr("No model is installed. Put a model folder into %1 and start the program again.")
                .arg(toText(m_services.workspace() / "models")));
    } else {
        m_notice->hide();
    }
    selectModel(before);
}

void ModelsPage::selectModel(const QString& name) {
    m_wanted = name;
    const int row = std::max(0, m_model->rowOf(name));
    if (m_model->rowCount() > 0) m_list->selectRow(row);
    showChosen();
}

void ModelsPage::showChosen() {
    const ModelEntry* entry = m_model->entry(m_list->currentIndex().row());
    if (!entry) {
        m_card->setPlainText(m_services.catalogue() ? tr("No model is chosen.")
                                                    : tr("Reading the list of models …"));
        m_manifest->setRows({});
        m_plot->hide();
        m_calibrationText->setText(tr("No model is chosen."));
        return;
    }
    m_wanted = toText(entry->manifest.name);
    if (!entry->problem.empty()) {
        m_notice->showNotice(NoticeBar::Kind::Problem, toText(entry->problem));
    }
    m_card->setMarkdown(entry->card.empty() ? tr("This model came without a card.") : toText(entry->card));
    m_manifest->setRows(manifestRows(entry->manifest));
    m_calibrationText->setText(calibrationText(*entry));
    m_plot->setVisible(entry->calibration.has_value());
    if (!entry->calibration) return;
    const examine::SetWords words = examine::claimOf(entry->manifest).sets;
    m_plot->setColours(
        {meaningColours().unsignedSeries, meaningColours().signedSeries, palette().color(QPalette::Text)});
    m_plot->setData({entry->calibration->unsignedScores, entry->calibration->signedScores,
                     entry->calibration->lowerThreshold, entry->calibration->threshold,
                     scoreUnit(entry->isKeyed()), toText(words.positives), toText(words.negatives)});
}

void ModelsPage::loadMethod() {
    QFile file(QStringLiteral(":/signet/help/%1.md").arg(m_methodChoice->currentData().toString()));
    if (file.open(QIODevice::ReadOnly)) m_method->setMarkdown(QString::fromUtf8(file.readAll()));
}

void ModelsPage::showCard(const QString& model) {
    selectModel(model);
    m_tabs->setCurrentIndex(CardTab);
}

void ModelsPage::showMethod(const QString& helpPage) {
    m_methodChoice->setCurrentIndex(std::max(0, m_methodChoice->findData(helpPage)));
    m_tabs->setCurrentIndex(MethodTab);
}

void ModelsPage::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showChosen();
        loadMethod();
    }
}

void ModelsPage::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("models/splitter"), m_splitter->saveState());
    settings.setValue(QStringLiteral("models/columns"), m_list->horizontalHeader()->saveState());
    settings.setValue(QStringLiteral("models/chosen"), m_wanted);
}

void ModelsPage::restoreSettings(const QSettings& settings) {
    m_splitter->restoreState(settings.value(QStringLiteral("models/splitter")).toByteArray());
    m_list->horizontalHeader()->restoreState(settings.value(QStringLiteral("models/columns")).toByteArray());
    m_wanted = settings.value(QStringLiteral("models/chosen")).toString();
}

}  // namespace signet::ui
