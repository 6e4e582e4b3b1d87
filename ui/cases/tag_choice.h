#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "core/cases/case_types.h"

class QLabel;
class QListWidget;
class QRadioButton;

namespace signet::ui {

/// All exhibits, or those with one of the tags ticked. GUI thread.
class TagChoice : public QWidget {
    Q_OBJECT
public:
    /// prefix: of the object names.
    explicit TagChoice(const QString& prefix, QWidget* parent = nullptr);

    void setTags(const std::vector<cases::Tag>& tags, int exhibits);
    /// Names of the tags ticked; empty: all exhibits.
    std::vector<std::string> tags() const;
    /// Tags are wanted but none is ticked.
    bool isIncomplete() const;

Q_SIGNALS:
    void changed();

private:
    void refresh();

    QRadioButton* m_all;
    QRadioButton* m_some;
    QListWidget* m_list;
    QLabel* m_none;
};

}  // namespace signet::ui
