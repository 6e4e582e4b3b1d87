#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace signet::nn {

/// A value of a pickle, as far as checkpoints need them.
struct PickleValue {
    enum class Kind { None, Number, Text, Sequence, Dictionary, Name, Storage, Tensor };

    Kind kind = Kind::None;
    std::int64_t number = 0;  ///< also of a truth value
    std::string text;         ///< also of a name ("collections OrderedDict")
    /// Of a sequence its items, of a dictionary keys and values in turn, of a storage its description, of a
    /// tensor the arguments of torch._utils._rebuild_tensor_v2. Shared as in Python.
    std::shared_ptr<std::vector<PickleValue>> items{};

    const std::vector<PickleValue>& list() const;  ///< throws Corrupt for a value without items
};

/// Reads pickles one after another from bytes. See loadTorchCheckpoint for what it refuses.
class Unpickler {
public:
    explicit Unpickler(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}

    /// The next one. Throws Corrupt.
    PickleValue next();
    /// What follows the pickles read.
    std::span<const std::uint8_t> rest() const { return m_bytes.subspan(m_at); }

private:
    void run(std::uint8_t instruction);
    std::uint8_t byte();
    std::uint64_t number(int bytes);
    std::string line();
    void push(PickleValue value) { m_stack.push_back(std::move(value)); }
    PickleValue pop();
    std::vector<PickleValue> popToMark();
    void pushSequence(std::size_t items);
    void append(std::vector<PickleValue> items, PickleValue::Kind kind);
    void remember(std::uint64_t key);
    void recall(std::uint64_t key);
    void call();

    std::span<const std::uint8_t> m_bytes;
    std::size_t m_at = 0;
    std::vector<PickleValue> m_stack;
    std::vector<std::size_t> m_marks;
    std::map<std::uint64_t, PickleValue> m_memo;
};

}  // namespace signet::nn
