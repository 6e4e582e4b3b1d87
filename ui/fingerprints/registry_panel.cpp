#include "ui/fingerprints/registry_panel.h"

#include <QAction>
#include <QComboBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "core/report/report_text.h"
#include "ui/bridge/text.h"
#include "ui/fingerprints/fingerprint_text.h"
#include "ui/intake/empty_state.h"
#include "ui/itemmodels/registry_model.h"
#include "ui/style/copy_table_view.h"
#include "ui/style/elided_label.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kTypingMs = 200;
constexpr int kDetailsHeight = 190;  ///< px

enum Detail { HolderDetail, ModelDetail, GeneratorDetail, IssuedDetail, StatusDetail, NoteDetail };

/// As much of a SHA-256 as tells it from others at a glance.
QString shortened(const std::string& sha256) {
    return toText(sha256.substr(0, 12)) + QChar(0x2026);
}

}  // namespace

RegistryPanel::RegistryPanel(const Actions& actions, QWidget* parent)
    : QWidget(parent),
      m_model(new RegistryModel(this)),
      m_table(new CopyTableView(this)),
      m_location(new ElidedLabel(QStringLiteral("registryLocation"), this)),
      m_search(new QLineEdit(this)),
      m_status(new QComboBox(this)),
      m_models(new QComboBox(this)),
      m_filters(makeSearch()),
      m_stack(new QStackedWidget(this)),
      m_empty(new QStackedWidget(this)),
      m_count(makeNote(QStringLiteral("registryCount"), {}, this)),
      m_detailsButton(new QToolButton(this)),
      m_code(new QLineEdit(this)),
      m_details(makeDetails()) {
    setObjectName(QStringLiteral("registryPanel"));
    m_table->setObjectName(QStringLiteral("registryTable"));
    m_table->setAccessibleName(tr("Registered instances"));
    m_table->setModel(m_model);
    const int widths[RegistryModel::ColumnCount] = {46, 130, 110, 130, 64, 140};
    for (int i = 0; i < RegistryModel::ColumnCount; ++i) m_table->setColumnWidth(i, widths[i]);
    m_table->setMinimumWidth(220);
    m_detailsButton->setObjectName(QStringLiteral("registryDetailsButton"));
    m_detailsButton->setText(tr("Details"));
    m_detailsButton->setAccessibleName(tr("Details of the chosen instance, its code among them"));
    m_detailsButton->setToolTip(m_detailsButton->accessibleName());
    m_detailsButton->setCheckable(true);
    m_detailsButton->setProperty("role", "toggle");
    m_detailsButton->setFocusPolicy(Qt::StrongFocus);
    m_details->hide();
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(kGrid, 4, kGrid, 4);
    foot->addWidget(m_count, 1);
    foot->addWidget(m_detailsButton);
    auto* list = new QWidget(this);
    list->setObjectName(QStringLiteral("registryList"));
    auto* inside = new QVBoxLayout(list);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    inside->addWidget(m_filters);
    inside->addWidget(m_table, 1);
    inside->addLayout(foot);
    inside->addWidget(m_details);
    m_stack->setObjectName(QStringLiteral("registryStack"));
    m_stack->addWidget(list);
    m_stack->addWidget(makeEmpty(actions));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar(actions));
    column->addWidget(m_stack, 1);
    m_delay.setSingleShot(true);
    m_delay.setInterval(kTypingMs);
    connect(&m_delay, &QTimer::timeout, this, &RegistryPanel::searchChanged);
    connect(m_search, &QLineEdit::textChanged, &m_delay, qOverload<>(&QTimer::start));
    connect(m_status, &QComboBox::currentIndexChanged, this, &RegistryPanel::searchChanged);
    connect(m_models, &QComboBox::currentIndexChanged, this, &RegistryPanel::searchChanged);
    connect(m_detailsButton, &QToolButton::toggled, m_details, &QWidget::setVisible);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        showDetails();
        Q_EMIT selectionChanged();
    });
    showWhatFits();
}

QWidget* RegistryPanel::makeBar(const Actions& actions) {
    auto* bar = new QWidget(this);
    bar->setObjectName(QStringLiteral("registryBar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kGrid, 4, kGrid, 4);
    row->setSpacing(2);
    row->addWidget(makeActionButton(QStringLiteral("registryIssueButton"), actions.issue, this));
    row->addWidget(makeActionButton(QStringLiteral("registryRevokeButton"), actions.revoke, this));
    row->addWidget(makeActionButton(QStringLiteral("registryImportButton"), actions.importing, this));
    row->addWidget(makeActionButton(QStringLiteral("registryExportButton"), actions.exporting, this));
    row->addSpacing(kGrid);
    row->addWidget(m_location, 1);
    QToolButton* choose = makeActionButton(QStringLiteral("registryChooseButton"), actions.choose, this,
                                           Qt::ToolButtonTextOnly);
    choose->setPopupMode(QToolButton::InstantPopup);
    row->addWidget(choose);
    return bar;
}

QWidget* RegistryPanel::makeSearch() {
    auto* filters = new QWidget(this);
    filters->setObjectName(QStringLiteral("registryFilters"));
    m_search->setObjectName(QStringLiteral("registrySearch"));
    m_search->setAccessibleName(tr("Search the registry"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setToolTip(tr("Holder, note, name of the model, number or part of the code"));
    m_search->setClearButtonEnabled(true);
    m_search->setAcceptDrops(false);
    m_status->setObjectName(QStringLiteral("registryStatus"));
    m_status->setAccessibleName(tr("Status"));
    m_status->addItems({tr("All"), tr("Active"), tr("Revoked")});  // as RegistrySearch::Status
    m_models->setObjectName(QStringLiteral("registryModels"));
    m_models->setAccessibleName(tr("Model"));
    m_models->addItem(tr("All models"));
    for (QComboBox* combo : {m_status, m_models}) {
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(6);
    }
    auto* row = new QHBoxLayout(filters);
    row->setContentsMargins(kGrid, 0, kGrid, 4);
    row->setSpacing(4);
    row->addWidget(m_search, 2);
    row->addWidget(m_status, 1);
    row->addWidget(m_models, 1);
    return filters;
}

QWidget* RegistryPanel::makeEmpty(const Actions& actions) {
    m_empty->setObjectName(QStringLiteral("registryEmpty"));
    const QString elsewhere = tr(" A registry that is kept elsewhere can be opened, or imported.");
    m_empty->addWidget(new EmptyState(
        QStringLiteral("registryNoModel"), tr("No fingerprinting model is installed"),
        tr("Instances are issued with one, and it reads their pictures. Train one on the Train page (preset "
           "fingerprint-cats), or put a model's folder into the workspace's models folder.") +
            elsewhere,
        {actions.train, actions.choose, actions.importing}, this));
    m_empty->addWidget(new EmptyState(
        QStringLiteral("registryNone"), tr("No instance is registered yet"),
        tr("Issue a generator to somebody: it gets a fingerprint of its own, and one picture is enough to "
           "find out whose instance drew it.") +
            elsewhere,
        {actions.issue, actions.choose, actions.importing}, this));
    return m_empty;
}

QWidget* RegistryPanel::makeDetails() {
    auto* content = new QWidget(this);
    content->setObjectName(QStringLiteral("registryDetailsContent"));
    auto* form = new QFormLayout(content);
    form->setContentsMargins(kGrid, 4, kGrid, kGrid);
    form->setVerticalSpacing(2);
    const QString names[] = {tr("Holder"), tr("Model"),  tr("Generator"),
                             tr("Issued"), tr("Status"), tr("Note")};
    for (const QString& name : names) {
        QLabel* value = makeLabel(QStringLiteral("registryDetail%1").arg(m_values.size()), {}, this, true);
        value->setWordWrap(true);
        m_values << value;
        form->addRow(makeNote(value->objectName() + QStringLiteral("Name"), name, this), value);
    }
    m_code->setObjectName(QStringLiteral("registryCode"));
    m_code->setAccessibleName(tr("Code of the chosen instance, hexadecimal"));
    m_code->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_code->setReadOnly(true);
    m_code->setAcceptDrops(false);
    form->addRow(makeNote(QStringLiteral("registryCodeName"), tr("Code"), this), m_code);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("registryDetails"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    scroll->setFixedHeight(kDetailsHeight);
    return scroll;
}

RegistrySearch RegistryPanel::search() const {
    RegistrySearch wanted;
    wanted.text = m_search->text().trimmed();
    wanted.status = static_cast<RegistrySearch::Status>(m_status->currentIndex());
    if (m_models->currentIndex() > 0) wanted.model = m_models->currentData().toString().toStdString();
    return wanted;
}

void RegistryPanel::clearSearch() {
    const QSignalBlocker search(m_search), status(m_status), models(m_models);
    m_search->clear();
    m_status->setCurrentIndex(0);
    m_models->setCurrentIndex(0);
}

void RegistryPanel::fillModels(const std::vector<std::string>& names) {
    const QSignalBlocker blocker(m_models);
    const QString chosen = m_models->currentData().toString();
    m_models->clear();
    m_models->addItem(tr("All models"));
    for (const std::string& name : names)
        m_models->addItem(toText(visibleName(name)), QString::fromStdString(name));
    m_models->setCurrentIndex(std::max(0, chosen.isEmpty() ? 0 : m_models->findData(chosen)));
}

std::vector<registry::Instance> RegistryPanel::selected() const {
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    std::vector<registry::Instance> instances;
    for (const QModelIndex& index : rows) instances.push_back(m_model->instance(index.row()));
    return instances;
}

void RegistryPanel::showContents(const RegistryContentsPtr& contents) {
    const std::vector<registry::Instance> before = selected();
    m_contents = contents;
    m_location->setFullText(toText(contents->location));
    fillModels(contents->models);
    m_model->setInstances(contents->shown);
    for (const registry::Instance& instance : before)
        if (const int row = m_model->rowOf(instance.id); row >= 0)
            m_table->selectionModel()->select(m_model->index(row, 0),
                                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QString count;
    if (contents->problem.empty()) {
        count = tr("%1 of %2 instances").arg(groupedText(contents->matching), groupedText(contents->total));
        if (contents->matching > static_cast<std::int64_t>(contents->shown.size()))
            count += tr("; the first %1 are listed")
                         .arg(groupedText(static_cast<std::int64_t>(contents->shown.size())));
    }
    m_count->setText(count);
    showWhatFits();
    Q_EMIT selectionChanged();
}

void RegistryPanel::setHasModel(bool has) {
    m_hasModel = has;
    showWhatFits();
}

void RegistryPanel::showWhatFits() {
    m_empty->setCurrentIndex(m_hasModel ? 1 : 0);
    m_stack->setCurrentIndex(m_contents && m_contents->isMissing ? 1 : 0);
    m_table->setEmptyText(!m_contents                    ? tr("Reading the registry …")
                          : !m_contents->problem.empty() ? tr("The registry could not be opened.")
                          : m_contents->total == 0       ? tr("No instance is registered yet.")
                                                         : tr("No instance is like that."));
    showDetails();
}

void RegistryPanel::showDetails() {
    const std::vector<registry::Instance> chosen = selected();
    const auto put = [this](Detail which, const QString& text) {
        m_values[which]->setText(text);
        m_values[which]->setAccessibleName(text);
    };
    if (chosen.size() != 1) {
        for (QLabel* value : m_values) value->clear();
        m_code->clear();
        put(HolderDetail, tr("Choose one instance."));
        return;
    }
    const registry::Instance& instance = chosen.front();
    put(HolderDetail, toText(visibleName(instance.holder)));
    put(ModelDetail,
        tr("%1, weights %2").arg(toText(visibleName(instance.model)), shortened(instance.modelSha256)));
    m_values[ModelDetail]->setToolTip(toText(instance.modelSha256));
    put(GeneratorDetail, instance.generatorSha256.empty()
                             ? tr("not known")
                             : tr("weights %1").arg(shortened(instance.generatorSha256)));
    m_values[GeneratorDetail]->setToolTip(toText(instance.generatorSha256));
    put(IssuedDetail, toText(report::localTime(instance.issuedUtc)));
    put(StatusDetail, !instance.revoked ? tr("active")
                      : instance.reason.empty()
                          ? tr("revoked")
                          : tr("revoked: %1").arg(toText(visibleName(instance.reason))));
    put(NoteDetail, toText(visibleName(instance.notes)));
    m_code->setText(toText(instance.codeHex));
    m_code->setToolTip(tr("%1 bits").arg(instance.bits));
}

}  // namespace signet::ui
