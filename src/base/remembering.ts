/** A pure function that, asked the same again, gives the last answer: facts that differ in one place are judged anew only there. */
export function remembering<Question extends readonly unknown[], Answer>(
  work: (...question: Question) => Answer,
): (...question: Question) => Answer {
  let last: { readonly question: Question; readonly answer: Answer } | undefined;
  return (...question) => {
    if (last === undefined || !question.every((each, index) => Object.is(each, last?.question[index]))) {
      last = { question, answer: work(...question) };
    }
    return last.answer;
  };
}
