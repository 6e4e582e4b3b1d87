#include "ui/cases/tag_choice.h"

#include <QListWidget>
#include <QRadioButton>
#include <QVBoxLayout>
#include <set>

#include "ui/bridge/text.h"
#include "ui/style/widgets.h"

namespace signet::ui {
namespace {

constexpr int kShownTags = 4;  ///< rows before the list scrolls

}  // namespace

TagChoice::TagChoice(const QString& prefix, QWidget* parent)
    : QWidget(parent),
      m_all(new QRadioButton(tr("&All exhibits"), this)),
      m_some(new QRadioButton(tr("Only those with one of these &tags:"), this)),
      m_list(new QListWidget(this)),
      m_none(makeNote(prefix + QStringLiteral("NoTags"), tr("No exhibit has a tag yet."), this)) {
    setObjectName(prefix + QStringLiteral("Choice"));
    m_all->setObjectName(prefix + QStringLiteral("All"));
    m_some->setObjectName(prefix + QStringLiteral("Tagged"));
    m_list->setObjectName(prefix + QStringLiteral("Tags"));
    m_list->setAccessibleName(tr("Tags of the exhibits wanted"));
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_all->setChecked(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    for (QWidget* widget : {static_cast<QWidget*>(m_all), static_cast<QWidget*>(m_some),
                            static_cast<QWidget*>(m_list), static_cast<QWidget*>(m_none)})
        column->addWidget(widget);
    connect(m_some, &QRadioButton::toggled, this, &TagChoice::refresh);
    connect(m_list, &QListWidget::itemChanged, this, &TagChoice::changed);
    refresh();
}

void TagChoice::refresh() {
    m_list->setVisible(m_list->count() > 0);
    m_list->setEnabled(m_some->isChecked());
    m_some->setEnabled(m_list->count() > 0);
    m_none->setVisible(m_list->count() == 0);
    Q_EMIT changed();
}

void TagChoice::setTags(const std::vector<cases::Tag>& tags, int exhibits) {
    std::set<QString> ticked;
    for (const std::string& name : this->tags()) ticked.insert(toText(name));
    m_all->setText(tr("&All %1").arg(countText(exhibits, "exhibit")));
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const cases::Tag& tag : tags) {
        auto* item = new QListWidgetItem(toText(tag.name), m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(ticked.contains(item->text()) ? Qt::Checked : Qt::Unchecked);
        item->setToolTip(item->text());
    }
    const int rows = std::clamp(m_list->count(), 1, kShownTags);
    const int rowHeight = std::max(fontMetrics().height() + 6, m_list->sizeHintForRow(0));
    m_list->setFixedHeight(rows * rowHeight + 2 * m_list->frameWidth() + 2);
    if (m_list->count() == 0) m_all->setChecked(true);
    refresh();
}

std::vector<std::string> TagChoice::tags() const {
    std::vector<std::string> names;
    if (!m_some->isChecked()) return names;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked)
            names.push_back(m_list->item(row)->text().toStdString());
    }
    return names;
}

bool TagChoice::isIncomplete() const {
    return m_some->isChecked() && tags().empty();
}

}  // namespace signet::ui
