#include "ui/cases/report_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSettings>
#include <QVBoxLayout>

#include "core/report/required_fields.h"
#include "core/report/verbal_scale.h"
#include "ui/bridge/text.h"
#include "ui/cases/case_fields.h"
#include "ui/cases/case_text.h"
#include "ui/cases/tag_choice.h"
#include "ui/intake/file_dialogs.h"
#include "ui/style/icons.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

const QString kOwnScale = QStringLiteral("/");  ///< data of the entry "A file"; no scale has that name

}  // namespace

ReportForm::ReportForm(QWidget* parent)
    : QScrollArea(parent),
      m_format(new QComboBox(this)),
      m_draft(new QRadioButton(tr("D&raft: marked as such on each page"), this)),
      m_final(new QRadioButton(tr("&Final: needs the fields marked *"), this)),
      m_title(makeLine("reportTitle", QString(), tr("Title of the report"))),
      m_tags(new TagChoice(QStringLiteral("report"), this)),
      m_thumbnails(new QCheckBox(tr("Pictures of the exhibits"), this)),
      m_evidenceMaps(new QCheckBox(tr("Evidence maps"), this)),
      m_trainingHistory(new QCheckBox(tr("Training and evaluation of the models in full"), this)),
      m_banner(makeLine("reportBanner", QString(), tr("Classification, at the top of each page"))),
      m_logo(makeLine("reportLogo", QString(), tr("Picture of the laboratory, on the first page"))),
      m_scale(new QComboBox(this)),
      m_scaleFile(makeLine("reportScaleFile", QString(), tr("JSON file of the laboratory's scale"))),
      m_supersedes(new QComboBox(this)),
      m_accept(makeLine("reportAcceptProblems", QString(),
                        tr("Why it is issued although the verification found problems; it is printed"))),
      m_fields(new CaseFields(QStringLiteral("reportField"), {"verbal_scale"}, this)),
      m_keep(new QCheckBox(tr("&Keep these answers in the case"), this)) {
    setObjectName(QStringLiteral("reportForm"));
    setAccessibleName(tr("How the report is made"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_title->setText(toText(report::ReportOptions().title));
    setWidget(makeContent());
    setMinimumWidth(widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width());
    refresh();
}

QLineEdit* ReportForm::makeLine(const char* name, const QString& text, const QString& help) {
    auto* line = new QLineEdit(text, this);
    line->setObjectName(QLatin1String(name));
    line->setAccessibleName(help);
    line->setPlaceholderText(help);
    line->setToolTip(help);
    connect(line, &QLineEdit::textChanged, this, &ReportForm::refresh);
    return line;
}

QWidget* ReportForm::withChooser(QLineEdit* line, const char* button, const QString& text,
                                 const QString& filter) {
    auto* row = new QWidget(this);
    row->setObjectName(QLatin1String(button) + QStringLiteral("Row"));
    auto* choose = new QPushButton(themedIcon(QStringLiteral("open")), tr("Choose..."), row);
    choose->setObjectName(QLatin1String(button));
    choose->setAccessibleName(text);
    connect(choose, &QPushButton::clicked, this, [this, line, text, filter] {
        FileDialogs::openFile(this, text, QFileInfo(line->text()).path(), filter,
                              [line](const QStringList& names) {
                                  if (!names.isEmpty()) line->setText(names.front());
                              });
    });
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(line, 1);
    layout->addWidget(choose);
    return row;
}

void ReportForm::addHeading(QVBoxLayout* column, const char* name, const QString& text) {
    column->addSpacing(kGrid);
    column->addWidget(makeHeading(QLatin1String(name), text, this));
}

void ReportForm::addKind(QVBoxLayout* column) {
    m_format->setObjectName(QStringLiteral("reportFormat"));
    m_format->setAccessibleName(tr("Format of the report"));
    m_format->addItem(tr("PDF (PDF/A-1b)"), QStringLiteral("pdf"));
    m_format->addItem(tr("HTML, one file"), QStringLiteral("html"));
    m_format->addItem(tr("JSON, for programs: all parts"), QStringLiteral("json"));
    m_format->addItem(tr("CSV, a table of the results"), QStringLiteral("csv"));
    m_draft->setObjectName(QStringLiteral("reportDraft"));
    m_final->setObjectName(QStringLiteral("reportFinal"));
    m_draft->setChecked(true);
    m_supersedes->setObjectName(QStringLiteral("reportSupersedes"));
    m_supersedes->setAccessibleName(tr("Which earlier report this one replaces"));
    m_supersedes->setToolTip(tr("The report that is replaced is shown as withdrawn"));
    for (QComboBox* combo : {m_format, m_supersedes}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        connect(combo, &QComboBox::currentIndexChanged, this, &ReportForm::refresh);
    }
    connect(m_final, &QRadioButton::toggled, this, &ReportForm::refresh);
    addHeading(column, "reportKindHeading", tr("Report"));
    for (QWidget* widget : {static_cast<QWidget*>(m_format), static_cast<QWidget*>(m_draft),
                            static_cast<QWidget*>(m_final), static_cast<QWidget*>(m_title)})
        column->addWidget(widget);
    auto* kind = new QWidget(this);  // its own group: the tags have radio buttons too
    kind->setObjectName(QStringLiteral("reportKind"));
    auto* radios = new QVBoxLayout(kind);
    radios->setContentsMargins(0, 0, 0, 0);
    radios->addWidget(m_draft);
    radios->addWidget(m_final);
    column->insertWidget(column->indexOf(m_title), kind);
    auto* replaces = new QHBoxLayout;
    QLabel* label = makeLabel(QStringLiteral("reportSupersedesLabel"), tr("Replaces"), this);
    label->setBuddy(m_supersedes);
    replaces->addWidget(label);
    replaces->addWidget(m_supersedes, 1);
    column->addLayout(replaces);
    m_acceptLabel =
        makeNote(QStringLiteral("reportAcceptLabel"),
                 tr("Where the verification found problems, a final report needs a reason:"), this);
    column->addWidget(m_acceptLabel);
    column->addWidget(m_accept);
    setReports({});
}

void ReportForm::addSections(QVBoxLayout* column) {
    addHeading(column, "reportSectionsHeading", tr("Sections"));
    for (const report::SectionInfo& info : report::reportSections()) {
        const QString title = toText(info.title);
        auto* tick = new QCheckBox(info.required ? title + QStringLiteral(" *") : title, this);
        tick->setObjectName(QStringLiteral("reportSection_") + QLatin1String(info.key));
        tick->setToolTip(info.required ? tr("%1. A final report needs it.").arg(toText(info.help))
                                       : toText(info.help));
        tick->setAccessibleDescription(toText(info.help));
        tick->setChecked(true);
        connect(tick, &QCheckBox::toggled, this, &ReportForm::refresh);
        QLabel* help =
            makeNote(QStringLiteral("reportSectionHelp_") + QLatin1String(info.key), toText(info.help), this);
        help->setIndent(24);
        auto* pair = new QVBoxLayout;
        pair->setSpacing(0);
        pair->addWidget(tick);
        pair->addWidget(help);
        column->addLayout(pair);
        m_sections.push_back(tick);
    }
    m_trainingHistory->setObjectName(QStringLiteral("reportTrainingHistory"));
    m_trainingHistory->setToolTip(tr("The models' cards beyond the page that every reader needs"));
    connect(m_trainingHistory, &QCheckBox::toggled, this, &ReportForm::refresh);
    column->addWidget(m_trainingHistory);
    m_thumbnails->setObjectName(QStringLiteral("reportThumbnails"));
    m_evidenceMaps->setObjectName(QStringLiteral("reportEvidenceMaps"));
    addHeading(column, "reportPicturesHeading", tr("Pictures"));
    for (QCheckBox* tick : {m_thumbnails, m_evidenceMaps}) {
        tick->setChecked(true);
        connect(tick, &QCheckBox::toggled, this, &ReportForm::refresh);
        column->addWidget(tick);
    }
}

void ReportForm::addLook(QVBoxLayout* column) {
    addHeading(column, "reportLookHeading", tr("Laboratory"));
    column->addWidget(m_banner);
    column->addWidget(withChooser(m_logo, "reportChooseLogo", tr("Choose the laboratory's picture"),
                                  tr("Images (*.png *.jpg *.jpeg *.webp *.tif *.tiff);;All files (*)")));
    m_scale->setObjectName(QStringLiteral("reportScale"));
    m_scale->setAccessibleName(tr("Verbal scale for likelihood ratios"));
    m_scale->setToolTip(tr("The words for likelihood ratios; the scale is printed in full"));
    m_scale->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_scale->addItem(tr("The case's verbal scale, else enfsi-2015"), QString());
    for (const std::string& name : report::verbalScaleNames())
        m_scale->addItem(
            name == "none" ? tr("No words, ratios alone") : tr("Verbal scale %1").arg(toText(name)),
            toText(name));
    m_scale->addItem(tr("A verbal scale of our own (file)"), kOwnScale);
    connect(m_scale, &QComboBox::currentIndexChanged, this, &ReportForm::refresh);
    column->addWidget(m_scale);
    m_scaleFileRow = withChooser(m_scaleFile, "reportChooseScale", tr("Choose the verbal scale"),
                                 tr("Verbal scales (*.json);;All files (*)"));
    column->addWidget(m_scaleFileRow);
}

QWidget* ReportForm::makeContent() {
    auto* content = new QWidget;
    content->setObjectName(QStringLiteral("reportFormContent"));
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(2 * kGrid, kGrid, 2 * kGrid, 2 * kGrid);
    column->setSpacing(6);
    addKind(column);
    addHeading(column, "reportExhibitsHeading", tr("Exhibits"));
    column->addWidget(m_tags);
    connect(m_tags, &TagChoice::changed, this, &ReportForm::refresh);
    addHeading(column, "reportFieldsHeading", tr("Fields (ISO/IEC 17025, ISO 21043-5)"));
    column->addWidget(
        makeNote(QStringLiteral("reportFieldsNote"),
                 tr("A final report needs those marked *. They come from the case's properties."), content));
    column->addWidget(m_fields);
    connect(m_fields, &CaseFields::changed, this, &ReportForm::refresh);
    m_keep->setObjectName(QStringLiteral("reportKeepFields"));
    m_keep->setToolTip(
        tr("They become the case's properties when the report is saved; else they stand in this "
           "report alone"));
    m_keep->setChecked(true);
    column->addWidget(m_keep);
    addLook(column);
    addSections(column);
    column->addStretch(1);
    return content;
}

void ReportForm::begin(const cases::CaseInfo& info, const std::vector<cases::Tag>& tags, int exhibits) {
    m_info = info;
    m_fields->setValues(
        [&](const std::string& key) { return report::fieldValue(key, info, report::ReportOptions()); });
    m_tags->setTags(tags, exhibits);
    refresh();
}

void ReportForm::setReports(const std::vector<cases::IssuedReport>& reports) {
    const QVariant chosen = m_supersedes->currentData();
    const QSignalBlocker quiet(m_supersedes);
    m_supersedes->clear();
    m_supersedes->addItem(reports.empty() ? tr("nothing: it is the first") : tr("the last one of its status"),
                          -1);
    if (!reports.empty()) m_supersedes->addItem(tr("none"), 0);
    for (auto report = reports.rbegin(); report != reports.rend(); ++report)
        m_supersedes->addItem(tr("version %1 (%2, %3)")
                                  .arg(report->version)
                                  .arg(toText(report->status), localTimeText(report->createdUtc)),
                              report->version);
    m_supersedes->setCurrentIndex(std::max(0, m_supersedes->findData(chosen)));
}

report::ReportOptions ReportForm::options() const {
    report::ReportOptions options;
    if (!m_title->text().trimmed().isEmpty()) options.title = m_title->text().trimmed().toStdString();
    const auto sections = report::reportSections();
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        if (m_sections[i]->isChecked()) options.sections.emplace_back(sections[i].key);
    }
    if (options.sections.size() == m_sections.size()) options.sections.clear();  // all
    options.tags = m_tags->tags();
    options.logo = toPath(m_logo->text().trimmed()).string();
    options.banner = m_banner->text().trimmed().toStdString();
    options.verbalScale = m_scale->currentData() == kOwnScale
                              ? toPath(m_scaleFile->text().trimmed()).string()
                              : m_scale->currentData().toString().toStdString();
    options.final = isFinal();
    options.thumbnails = m_thumbnails->isChecked();
    options.evidenceMaps = m_evidenceMaps->isChecked();
    options.trainingHistory = m_trainingHistory->isChecked();
    options.supersedes = m_supersedes->currentData().toInt();
    if (options.final) options.acceptProblems = m_accept->text().trimmed().toStdString();
    for (const std::string& key : m_fields->keys()) {
        const std::string typed = m_fields->value(key);
        if (typed != report::fieldValue(key, m_info, {})) options.fields[key] = typed;
    }
    return options;
}

QString ReportForm::format() const {
    return m_format->currentData().toString();
}

bool ReportForm::isFinal() const {
    return m_final->isChecked();
}

bool ReportForm::keepFields() const {
    return m_keep->isChecked();
}

cases::CaseInfo ReportForm::info() const {
    return withFields(m_info, *m_fields);
}

QString ReportForm::problem() const {
    if (m_tags->isIncomplete()) return tr("Tick at least one tag, or take all exhibits.");
    const QString logo = m_logo->text().trimmed();
    if (!logo.isEmpty() && !QFileInfo(logo).isFile()) return tr("The laboratory's picture is not a file.");
    if (m_scale->currentData() == kOwnScale && !QFileInfo(m_scaleFile->text().trimmed()).isFile())
        return tr("Choose the file of the verbal scale.");
    return {};
}

QStringList ReportForm::missing() const {
    QStringList missing;
    for (const report::ReportField* field : report::missingFields(m_info, options()))
        missing << toText(field->label);
    const auto sections = report::reportSections();
    for (std::size_t i = 0; i < m_sections.size(); ++i) {
        if (sections[i].required && !m_sections[i]->isChecked())
            missing << tr("the section %1").arg(toText(sections[i].title));
    }
    return missing;
}

void ReportForm::refresh() {
    if (m_scaleFileRow == nullptr) return;  // still being made
    std::set<std::string> lacking;
    if (isFinal()) {
        for (const report::ReportField* field : report::missingFields(m_info, options()))
            lacking.insert(field->key);
    }
    m_fields->markMissing(lacking);
    m_scaleFileRow->setVisible(m_scale->currentData() == kOwnScale);
    m_accept->setVisible(isFinal());
    m_acceptLabel->setVisible(isFinal());
    Q_EMIT changed();
}

void ReportForm::saveSettings(QSettings& settings) const {
    settings.setValue(QStringLiteral("reports/format"), format());
    settings.setValue(QStringLiteral("reports/logo"), m_logo->text());
    settings.setValue(QStringLiteral("reports/banner"), m_banner->text());
    settings.setValue(QStringLiteral("reports/scale"), m_scale->currentData());
    settings.setValue(QStringLiteral("reports/scaleFile"), m_scaleFile->text());
}

void ReportForm::restoreSettings(const QSettings& settings) {
    const auto choose = [&](QComboBox* combo, const char* key) {
        combo->setCurrentIndex(std::max(0, combo->findData(settings.value(QLatin1String(key)))));
    };
    choose(m_format, "reports/format");
    choose(m_scale, "reports/scale");
    m_logo->setText(settings.value(QStringLiteral("reports/logo")).toString());
    m_banner->setText(settings.value(QStringLiteral("reports/banner")).toString());
    m_scaleFile->setText(settings.value(QStringLiteral("reports/scaleFile")).toString());
}

}  // namespace signet::ui
