#pragma once

#include <QAbstractTableModel>
#include <filesystem>
#include <unordered_map>
#include <vector>

#include "ui/bridge/key_ring.h"
#include "ui/bridge/sign_service.h"
#include "ui/itemmodels/examine_model.h"

namespace signet::ui {

/// The images of the Sign page and what became of them. A row that was signed can be signed again: the last
/// result is shown. GUI thread.
class SignModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        FileColumn,
        StateColumn,
        VerificationColumn,
        PsnrColumn,
        VisibleColumn,
        CodeColumn,
        KeyColumn,  ///< of a keyed signature: its name, or its fingerprint where it is not kept
        OutputColumn,
        NoteColumn,
        ColumnCount
    };
    /// StateIconRole: name of the icon that stands beside the verification word.
    enum Role { StateRole = Qt::UserRole, StateIconRole };

    struct Row {
        quint64 job = 0;
        std::filesystem::path path;
        ItemState state = ItemState::Waiting;
        bool asked = false;  ///< false: added, not yet asked to be signed
        SignRecordPtr record;
        std::optional<SignatureLook> look;  ///< what it carries of the chosen model before it is signed

        /// A copy of it was signed here.
        bool wasSigned() const { return record && !record->error; }
        bool carriesSignature() const {
            return look && look->problem.empty() && look->presence == examine::Presence::Present;
        }
    };
    struct Taken {
        int at = 0;
        Row row;
    };

    explicit SignModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    int append(const std::vector<std::filesystem::path>& files);
    void setJob(int row, quint64 job);
    void jobStarted(quint64 job);
    void jobFinished(quint64 job, const SignRecordPtr& record);
    void jobCancelled(quint64 job);
    /// For every row of that file.
    void setLook(const SignatureLook& look);
    void clearLooks();
    /// Whose names stand in the rows.
    void setKeys(std::vector<HeldKey> keys);
    std::vector<Taken> takeRows(std::vector<int> rows);
    void restore(const std::vector<Taken>& taken);

    const Row& row(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    int count(ItemState state) const;
    QString asText(bool csv) const;

private:
    QString display(const Row& row, int column) const;
    QString keyText(const std::string& fingerprint) const;
    int rowOfJob(quint64 job) const;
    void touch(int row);

    std::vector<Row> m_rows;
    std::vector<HeldKey> m_keys;
};

/// "verified", "not verified" or "error" with what happened; empty before signing.
QString verificationText(const SignModel::Row& row);

}  // namespace signet::ui
