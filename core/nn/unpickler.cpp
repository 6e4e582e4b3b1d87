#include "core/nn/unpickler.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"

namespace signet::nn {
namespace {

using PickleKind = PickleValue::Kind;

/// Instructions of pickle's protocol 2 (Python's pickletools).
enum Instruction : std::uint8_t {
    kProtocol = 0x80,
    kStop = '.',
    kMark = '(',
    kNone = 'N',
    kTrue = 0x88,
    kFalse = 0x89,
    kInt1 = 'K',
    kInt2 = 'M',
    kInt4 = 'J',
    kLong1 = 0x8a,
    kFloat = 'G',
    kText = 'X',
    kEmptyTuple = ')',
    kTuple = 't',
    kTuple1 = 0x85,
    kTuple2 = 0x86,
    kTuple3 = 0x87,
    kEmptyList = ']',
    kAppend = 'a',
    kAppends = 'e',
    kEmptyDict = '}',
    kSetItem = 's',
    kSetItems = 'u',
    kPut1 = 'q',
    kPut4 = 'r',
    kGet1 = 'h',
    kGet4 = 'j',
    kGlobal = 'c',
    kReduce = 'R',
    kNewObject = 0x81,
    kBuild = 'b',
    kPersistent = 'Q',
};

[[noreturn]] void unsound(const std::string& what) {
    throw Error(ErrorCode::Corrupt, "this is not a sound checkpoint: " + what);
}

PickleValue container(PickleKind kind, std::vector<PickleValue> items = {}) {
    PickleValue value;
    value.kind = kind;
    value.items = std::make_shared<std::vector<PickleValue>>(std::move(items));
    return value;
}

PickleValue numberValue(std::int64_t number) {
    PickleValue value;
    value.kind = PickleKind::Number;
    value.number = number;
    return value;
}

constexpr const char* kOrderedDict = "collections OrderedDict";
constexpr const char* kRebuildTensor = "torch._utils _rebuild_tensor_v2";
constexpr const char* kKnownNames[] = {
    kOrderedDict,         kRebuildTensor,      "torch FloatStorage",    "torch LongStorage",
    "torch IntStorage",   "torch HalfStorage", "torch BFloat16Storage", "torch DoubleStorage",
    "torch ShortStorage", "torch ByteStorage", "torch BoolStorage"};
/// What published files hold beside tensors: read as nothing, whatever it is made with.
constexpr const char* kIgnoredNames[] = {
    "argparse Namespace", "pytorch_lightning.callbacks.model_checkpoint ModelCheckpoint",
    "pytorch_lightning.utilities.argparse_utils _gpus_arg_default", "omegaconf.dictconfig DictConfig"};

bool isOneOf(const std::string& name, std::span<const char* const> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

const std::vector<PickleValue>& PickleValue::list() const {
    if (!items) unsound("a value is of another kind than is needed");
    return *items;
}

std::uint8_t Unpickler::byte() {
    if (m_at >= m_bytes.size()) unsound("it ends early");
    return m_bytes[m_at++];
}

std::uint64_t Unpickler::number(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(byte()) << (8 * i);
    return value;
}

std::string Unpickler::line() {
    std::string text;
    for (char c = static_cast<char>(byte()); c != '\n'; c = static_cast<char>(byte())) text += c;
    return text;
}

PickleValue Unpickler::pop() {
    if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back())) unsound("a value is missing");
    PickleValue value = std::move(m_stack.back());
    m_stack.pop_back();
    return value;
}

std::vector<PickleValue> Unpickler::popToMark() {
    if (m_marks.empty()) unsound("a mark is missing");
    const auto begin = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
    std::vector<PickleValue> items(std::make_move_iterator(begin), std::make_move_iterator(m_stack.end()));
    m_stack.erase(begin, m_stack.end());
    m_marks.pop_back();
    return items;
}

void Unpickler::pushSequence(std::size_t count) {
    std::vector<PickleValue> items;
    for (std::size_t i = 0; i < count; ++i) items.push_back(pop());
    std::reverse(items.begin(), items.end());
    push(container(PickleKind::Sequence, std::move(items)));
}

void Unpickler::append(std::vector<PickleValue> items, PickleKind kind) {
    PickleValue target = pop();
    if (target.kind != kind || (kind == PickleKind::Dictionary && items.size() % 2 != 0))
        unsound("items are added to what holds none");
    std::move(items.begin(), items.end(), std::back_inserter(*target.items));
    push(std::move(target));
}

void Unpickler::remember(std::uint64_t key) {
    PickleValue value = pop();
    m_memo[key] = value;
    push(std::move(value));
}

void Unpickler::recall(std::uint64_t key) {
    const auto found = m_memo.find(key);
    if (found == m_memo.end()) unsound("it refers to what it does not hold");
    push(found->second);
}

void Unpickler::call() {
    PickleValue arguments = pop();
    const PickleValue called = pop();
    if (called.kind == PickleKind::Name && called.text == kOrderedDict && arguments.list().empty())
        push(container(PickleKind::Dictionary));
    else if (called.kind == PickleKind::Name && called.text == kRebuildTensor)
        push(container(PickleKind::Tensor, arguments.list()));
    else if (called.kind == PickleKind::Name && isOneOf(called.text, kIgnoredNames))
        push({});
    else
        unsound("it makes other things than tensors");
}

void Unpickler::run(std::uint8_t instruction) {
    switch (instruction) {
        case kProtocol:
            if (byte() != 2) unsound("a pickle of another protocol");
            return;
        case kMark:
            m_marks.push_back(m_stack.size());
            return;
        case kNone:
            return push({});
        case kTrue:
        case kFalse:
            return push(numberValue(instruction == kTrue));
        case kInt1:
            return push(numberValue(static_cast<std::int64_t>(number(1))));
        case kInt2:
            return push(numberValue(static_cast<std::int64_t>(number(2))));
        case kInt4:
            return push(numberValue(static_cast<std::int32_t>(number(4))));
        case kLong1: {  // the mark of the file has ten bytes; what is beyond eight is compared with nothing
            const int bytes = byte();
            const auto low = number(std::min(bytes, 8));
            for (int i = 8; i < bytes; ++i) byte();
            return push(numberValue(static_cast<std::int64_t>(low)));
        }
        case kFloat:  // a learning rate, say: nothing asks for its value
            number(8);
            return push({});
        case kText: {
            const auto length = number(4);
            if (length > m_bytes.size() - m_at) unsound("it ends early");
            PickleValue value;
            value.kind = PickleKind::Text;
            for (std::uint64_t i = 0; i < length; ++i) value.text += static_cast<char>(byte());
            return push(std::move(value));
        }
        case kEmptyTuple:
        case kEmptyList:
            return push(container(PickleKind::Sequence));
        case kEmptyDict:
            return push(container(PickleKind::Dictionary));
        case kTuple:
            return push(container(PickleKind::Sequence, popToMark()));
        case kTuple1:
        case kTuple2:
        case kTuple3:
            return pushSequence(static_cast<std::size_t>(instruction - kTuple1) + 1);
        case kAppend: {
            PickleValue item = pop();
            return append({std::move(item)}, PickleKind::Sequence);
        }
        case kAppends:
            return append(popToMark(), PickleKind::Sequence);
        case kSetItem: {
            PickleValue value = pop(), key = pop();
            return append({std::move(key), std::move(value)}, PickleKind::Dictionary);
        }
        case kSetItems:
            return append(popToMark(), PickleKind::Dictionary);
        case kPut1:
            return remember(number(1));
        case kPut4:
            return remember(number(4));
        case kGet1:
            return recall(number(1));
        case kGet4:
            return recall(number(4));
        case kGlobal: {
            PickleValue value;
            value.kind = PickleKind::Name;
            value.text = line();
            value.text += " " + line();
            if (!isOneOf(value.text, kKnownNames) && !isOneOf(value.text, kIgnoredNames))
                unsound(fmt::format("it names \"{}\"", value.text));
            return push(std::move(value));
        }
        case kReduce:
        case kNewObject:
            return call();
        case kBuild:  // attributes of the dictionary, such as _metadata
            pop();
            return;
        case kPersistent:
            return push(container(PickleKind::Storage, pop().list()));
        default:
            unsound(fmt::format("instruction {:#x}", instruction));
    }
}

PickleValue Unpickler::next() {
    m_stack.clear();
    m_marks.clear();
    m_memo.clear();
    for (std::uint8_t instruction = byte(); instruction != kStop; instruction = byte()) run(instruction);
    return pop();
}

}  // namespace signet::nn
