// What the Sign page signs: nothing twice unasked, and nothing where there is no folder for it.
#include <QAction>
#include <QFileInfo>
#include <numeric>

#include "ui/bridge/text.h"
#include "ui/sign/sign_page.h"
#include "ui/sign/sign_settings_panel.h"
#include "ui/style/widgets.h"

namespace fs = std::filesystem;

namespace signet::ui {

void SignPage::lookAtAll() {
    const QString model = toText(m_settings->options().model);
    if (model == m_lookedModel) return;
    m_lookedModel = model;
    m_services.sign().dropLooks();
    m_model->clearLooks();
    if (model.isEmpty()) return;
    for (int row = 0; row < m_model->rowCount(); ++row)
        m_services.sign().look(m_model->row(row).path, model.toStdString());
}

void SignPage::takeKeys() {
    m_model->setKeys(m_services.keys().keys());
    m_lookedModel.clear();  // what is found depends on the keys that are open
    lookAtAll();
}

std::vector<int> SignPage::unsignedRows() const {
    std::vector<int> rows;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (!m_model->row(row).wasSigned() && !m_model->row(row).carriesSignature()) rows.push_back(row);
    }
    return rows;
}

bool SignPage::outputFolderIsThere() {
    const QString folder = m_settings->outputFolder();
    if (folder.isEmpty() || QFileInfo(folder).isDir()) return true;
    m_notice->showNotice(NoticeBar::Kind::Problem,
                         tr("The output folder %1 is not there. Nothing was signed.").arg(folder), {},
                         m_makeFolderAction);
    return false;
}

void SignPage::signAll() {
    m_notice->hide();
    const std::vector<int> rows = unsignedRows();
    const int left = m_model->rowCount() - static_cast<int>(rows.size());
    if (!rows.empty()) signRows(rows);
    if (left == 0 || !m_notice->text().isEmpty()) return;
    m_notice->showNotice(
        NoticeBar::Kind::Information,
        tr("%1 signed already. Signing again writes another copy beside the first, and makes an earlier "
           "signature harder to read.")
            .arg(rows.empty() ? tr("All of these are") : tr("%1 left out:").arg(countText(left, "image"))),
        {}, m_againAction);
}

void SignPage::signAgain() {
    m_notice->hide();
    std::vector<int> rows(static_cast<std::size_t>(m_model->rowCount()));
    std::iota(rows.begin(), rows.end(), 0);
    signRows(rows);
}

void SignPage::signRows(const std::vector<int>& rows) {
    if (!m_settings->problem().isEmpty() || !m_services.sign().isIdle() || !outputFolderIsThere()) return;
    const examine::SignOptions options = m_settings->options();
    const QString folder = m_settings->outputFolder();
    m_batchTotal = static_cast<int>(rows.size());
    m_batchDone = 0;
    for (const int row : rows) {
        const fs::path& input = m_model->row(row).path;
        const SignTarget target{folder.isEmpty() ? input.parent_path() : toPath(folder)};
        m_model->setJob(row, m_services.sign().enqueue(input, target, options));
    }
    updateControls();
}

}  // namespace signet::ui
