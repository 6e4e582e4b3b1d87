#pragma once

#include <QObject>
#include <QUndoCommand>
#include <functional>
#include <utility>
#include <vector>

#include "ui/bridge/text.h"

namespace signet::ui {

/// Removal of rows and its undo. Taken: what a model gives for the rows taken out and puts back again.
template <typename Taken>
class RemoveRowsCommand final : public QUndoCommand {
public:
    using Take = std::function<std::vector<Taken>(const std::vector<int>& rows)>;
    using Restore = std::function<void(const std::vector<Taken>&)>;

    RemoveRowsCommand(std::vector<int> rows, Take take, Restore restore)
        : m_rows(std::move(rows)), m_take(std::move(take)), m_restore(std::move(restore)) {
        setText(QObject::tr("removal of %1").arg(countText(static_cast<int>(m_rows.size()), "image")));
    }
    void redo() override { m_taken = m_take(m_rows); }
    void undo() override { m_restore(m_taken); }

private:
    std::vector<int> m_rows;
    Take m_take;
    Restore m_restore;
    std::vector<Taken> m_taken;
};

}  // namespace signet::ui
